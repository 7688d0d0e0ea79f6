import {
  base64url,
  compact,
  createVerifier,
  defineScheme,
  hmacSha256,
  identifier,
  absent,
  malformed,
  query,
  seconds,
  type Carrier,
  type Codec,
  type Field,
  type JsonObject,
  type Portal,
  type RequestView,
} from '@countersign/core'
import { DEFECTS, defectsFor, mint, type Defect } from '@countersign/testing'
import { now, secret } from '../support/mint-portals'
import { inOwnHeader } from '../support/own-schemes'
import { codeOf, viewOf } from '../support/view'

const plain = compact({ payload: base64url, signature: base64url, signs: 'text' })
const inQuery = query('t', { verbatim: true })

function portalOf(
  codec: Codec<string>,
  carrier: Carrier<string> = inQuery,
  id: Field<string, string | number | bigint> = identifier('id'),
): Portal {
  return defineScheme({
    name: 'own',
    carrier,
    codec,
    mac: hmacSha256,
    claims: {
      user: { id, email: absent, name: absent },
      expiresAt: seconds('exp'),
      issuedAt: seconds('iat'),
      unknown: 'drop',
    },
    limits: { maxLifetime: 600 },
    address: { origin: 'https://own.example', path: () => '/', ids: [], expiresIn: 60 },
  })({ secret })
}

/** A carrier that does something else with a header that is there twice. */
function reading(whenTwice: (values: readonly string[]) => string | undefined): Carrier<string> {
  const read = ({ headers }: RequestView) => {
    const values = headers('x-own')
    const sent = values.length > 1 ? whenTwice(values) : values[0]
    return sent ? { place: 'x-own', sent } : undefined
  }
  return { ...inOwnHeader('x-own'), read }
}

async function judged(portal: Portal, defect?: Defect): Promise<string | null> {
  const { request } = await mint(portal, { id: 'u_1' } as never, { now, defect }) // the scheme's own input
  return codeOf(await createVerifier(portal, { now }).verify(viewOf(request)))
}

function forgivingly(text: string): JsonObject {
  try {
    return (JSON.parse(text) ?? {}) as JsonObject // whatever it is
  } catch {
    return malformed('the payload')
  }
}

/** The defects that are not answered as the table says. */
async function unanswered(portal: Portal): Promise<readonly string[]> {
  expect(await judged(portal)).toBeNull()
  const answers = await Promise.all(
    defectsFor(portal).map(async (defect) => [defect, await judged(portal, defect)] as const),
  )
  return answers.filter(([defect, code]) => code !== DEFECTS[defect].code).map(([defect]) => defect)
}

describe('a scheme of one’s own', () => {
  it('may have something in front of the payload, which is no JWT header for that', async () => {
    const versioned: Codec<string> = {
      ...plain,
      open: (sent) => ({
        ...plain.open(sent.startsWith('v1.') ? sent.slice(3) : malformed('the version')),
        input: [sent.slice(0, sent.lastIndexOf('.'))],
      }),
      seal(claims, tenant) {
        const { input, finish } = plain.seal(claims, tenant)
        return { input: [`v1.${String(input[0])}`], finish: (mac) => `v1.${finish(mac)}` }
      },
    }
    const portal = portalOf(versioned)
    const groups = defectsFor(portal).map((defect) => DEFECTS[defect].group)
    expect(groups).toContain('text')
    expect(groups).toContain('json')
    expect(groups).not.toContain('jwt')
    expect(await unanswered(portal)).toEqual([])
  })

  it('may be one that signs only claims of its own: what can be told from outside remains', async () => {
    const strict: Codec<string> = {
      ...plain,
      seal(claims, tenant) {
        if (typeof claims['exp'] !== 'number') throw new TypeError('no exp')
        return plain.seal(claims, tenant)
      },
    }
    const portal = portalOf(strict)
    expect(defectsFor(portal)).toEqual(
      expect.arrayContaining(['wrongSecret', 'expired', 'missing']),
    )
    expect(defectsFor(portal)).not.toContain('bom')
    expect(await unanswered(portal)).toEqual([])
  })

  it('may refuse a value with a code of its own: no affair of the kit', async () => {
    const read = (raw: unknown) => (raw === 'u_1' ? raw : malformed('the id'))
    const portal = portalOf(plain, inQuery, { ...identifier('id'), read })
    expect(defectsFor(portal)).not.toContain('identifierList')
    expect(await unanswered(portal)).toEqual([])
  })

  it('may forget to look at the query as it was sent: that is found', async () => {
    const lax: Carrier<string> = {
      ...inQuery,
      read({ target }) {
        const sent = new URL(target, 'http://own.example').searchParams.get('t')
        return sent ? { place: '?t', sent } : undefined
      },
    }
    expect(await unanswered(portalOf(plain, lax))).toEqual(
      expect.arrayContaining(['duplicateParameter', 'encodedDuplicate', 'bracketedBeside']),
    )
  })

  it('may forget to be strict with JSON: that is found', async () => {
    const lax: Codec<string> = {
      ...plain,
      open(sent) {
        const [text = '', signature = ''] = sent.split('.')
        const bytes = Buffer.from(text, 'base64url')
        return {
          tenant: null,
          input: [text],
          signature: Buffer.from(signature, 'base64url'),
          claims: () => forgivingly(bytes.toString()),
        }
      },
    }
    expect(await unanswered(portalOf(lax))).toEqual(
      expect.arrayContaining([
        ...(['duplicateMember', 'protoMember', 'loneSurrogate', 'invalidUtf8'] as const),
        ...(['paddedSignature', 'signatureSpareBits', 'extraSegment', 'paddedPayload'] as const),
      ]),
    )
  })
})

describe('a header of one’s own', () => {
  it('must not be there twice', async () => {
    const portal = portalOf(plain, inOwnHeader('x-own'))
    expect(defectsFor(portal)).toContain('duplicateHeader')
    expect(await unanswered(portal)).toEqual([])
  })

  it('is found where the first of two is taken', async () => {
    const portal = portalOf(
      plain,
      reading(([first]) => first),
    )
    expect(await unanswered(portal)).toEqual(['duplicateHeader'])
  })

  it('may be refused for it with another code: no affair of the kit', async () => {
    const malformedTwice = reading(() => malformed('the header'))
    for (const carrier of [reading(() => undefined), malformedTwice]) {
      const portal = portalOf(plain, carrier)
      expect(defectsFor(portal)).not.toContain('duplicateHeader')
      expect(await unanswered(portal)).toEqual([])
    }
  })

  it('may be read slowly: what cannot be told at once is left out', async () => {
    const slow: Carrier<string> = {
      ...inOwnHeader('x-own'),
      read: async (request) => inOwnHeader('x-own').read(request),
    }
    expect(defectsFor(portalOf(plain, slow))).not.toContain('duplicateHeader')
  })
})
