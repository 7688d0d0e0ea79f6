import {
  createVerifier,
  memoryReplayStore,
  REJECTIONS,
  text,
  type Carrier,
  type Codec,
} from '@countersign/core'
import { fdback, harlyy, seggwat } from '@countersign/core/schemes'
import { DEFECTS, defectsFor, mint, type Defect, type MintOptions } from '@countersign/testing'
import { viewOf } from '../../src/minting/request'
import { NAMES, now, sample, secret, type Sample, type SampleName } from '../support/samples'
import { inOwnHeader, plain, portalOf } from '../support/schemes'

const ALL = Object.keys(DEFECTS) as Defect[] // its own keys

/** The code that a verifier of the core gives to the last of the requests; `null` where it accepts it. */
async function codeOf(
  { portal, user, guard }: Sample,
  options: MintOptions,
): Promise<string | null> {
  const { request, before } = await mint(portal, user, { now, ...options })
  const verifier = createVerifier(portal, { ...guard, now })
  for (const each of before) expect(await verifier.verify(viewOf(each))).toMatchObject({ ok: true })
  const result = await verifier.verify(viewOf(request))
  return result.ok ? null : result.error.code
}

/** The defects that are not refused with their code. */
async function wronglyAnswered(
  made: () => Sample,
  options: MintOptions = {},
): Promise<readonly string[]> {
  expect(await codeOf(made(), options)).toBeNull()
  const wrong: string[] = []
  const { portal, guard } = made()
  for (const defect of defectsFor(portal, guard)) {
    const code = await codeOf(made(), { ...options, defect })
    if (code !== DEFECTS[defect].code) wrong.push(`${defect}: ${code}`)
  }
  return wrong
}

describe.each(NAMES)('a verifier for %s', (name) => {
  it('accepts a valid credential, and refuses each defect with its code', async () => {
    expect(await wronglyAnswered(() => sample(name))).toEqual([])
  })

  it('does so for its other carrier, too', async () => {
    const carrier = name === 'fdback' ? 'parameter' : 'bearer'
    expect(await wronglyAnswered(() => sample(name), { carrier, method: 'POST' })).toEqual([])
  })
})

describe('the table of defects', () => {
  it('has a sentence for each, and the answer of its code', () => {
    const sentences = ALL.map((name) => DEFECTS[name].says)
    expect(sentences.filter((says) => !/^a (?:request|credential) .{4,60}$/.test(says))).toEqual([])
    expect(new Set(sentences).size).toBe(sentences.length)
    for (const { code, expect: due } of Object.values(DEFECTS)) {
      expect(due).toEqual({ status: REJECTIONS[code].status, code: REJECTIONS[code].publicCode })
    }
  })

  it('cannot be changed', () => {
    expect([DEFECTS, ...Object.values(DEFECTS)].every(Object.isFrozen)).toBe(true)
  })

  it('has so many common ones, and so many in all, for each portal', () => {
    const count = (name: SampleName) => {
      const { portal, guard } = sample(name)
      const all = defectsFor(portal, guard)
      return [all.filter((defect) => DEFECTS[defect].isCommon).length, all.length]
    }
    expect(Object.fromEntries(NAMES.map((name) => [name, count(name)]))).toEqual({
      FeatKit: [33, 46],
      SeggWat: [36, 49],
      'SeggWat JWT': [42, 57],
      Harlyy: [32, 41],
      fdback: [38, 50],
      acme: [33, 47],
      ticket: [19, 21],
    })
  })
})

describe('what applies to a portal', () => {
  it('is every defect for one portal or another', () => {
    const applicable = NAMES.flatMap((name) => {
      const { portal, guard } = sample(name)
      return defectsFor(portal, guard)
    })
    expect(ALL.filter((defect) => !applicable.includes(defect))).toEqual([])
  })

  it('follows the fields of a scheme: a value that a field accepts is no defect', () => {
    const applicable = defectsFor(portalOf(plain, undefined, text('id'))) // any text
    expect(applicable).not.toContain('identifierUndefined')
    expect(applicable).toContain('identifierList')
  })

  it('follows the options of the guard', () => {
    const link = seggwat({ secret, projectKey: 'abc123' })
    const added = defectsFor(link, { bearer: true }).filter(
      (each) => !defectsFor(link).includes(each),
    )
    expect(added.toSorted()).toEqual(['emptyBearer', 'twoCarriers'])
    const store = memoryReplayStore()
    expect(defectsFor(fdback({ secret }))).not.toContain('replayed')
    expect(defectsFor(fdback({ secret }), { replayStore: store })).toContain('replayed')
    expect(defectsFor(link, { replayStore: store })).not.toContain('replayed')
    const survey = harlyy({ secret })
    expect(defectsFor(survey, { replayStore: store })).toContain('undated')
    expect(defectsFor(survey, { replayStore: { ...store, durable: true } })).not.toContain(
      'undated',
    )
    expect(defectsFor(survey, { nonceRetention: 60 })).not.toContain('undated')
    const byTenant = fdback({ secret: ({ tenant }) => (tenant === 'ws_demo' ? secret : null) })
    expect(defectsFor(fdback({ secret }))).not.toContain('otherTenant')
    expect(defectsFor(byTenant)).toContain('otherTenant')
  })
})

describe('a scheme of one’s own', () => {
  const own =
    (...parts: Parameters<typeof portalOf>) =>
    () => ({
      portal: portalOf(...parts),
      user: { id: 'u_1' } as never, // the scheme's own input
      guard: {},
    })

  it('may have a version before its payload, which is no JWT header', async () => {
    const versioned: Codec<string> = {
      ...plain,
      header: 'v1',
      signs: 'header and payload text',
      open: (value) => ({
        ...plain.open(value.replace(/^v1\./, '')),
        input: [value.slice(0, value.lastIndexOf('.'))],
      }),
      seal(claims, tenant) {
        const { input, finish } = plain.seal(claims, tenant)
        return { input: [`v1.${String(input[0])}`], finish: (mac) => `v1.${finish(mac)}` }
      },
    }
    expect(defectsFor(portalOf(versioned))).not.toContain('algNone')
    expect(await wronglyAnswered(own(versioned))).toEqual([])
  })

  const firstHeader: Carrier<string> = {
    ...inOwnHeader('x-own'),
    read({ headers }) {
      const [value] = headers('x-own')
      return value ? { place: 'x-own', value } : undefined
    },
  }
  const anyParameter: Carrier<string> = {
    places: ['?t'],
    parameters: ['t'],
    read({ target }) {
      const value = new URL(target, 'http://own.example').searchParams.get('t')
      return value ? { place: '?t', value } : undefined
    },
    write: (value) => ({ query: `t=${value}` }),
  }
  const forgiving: Codec<string> = {
    ...plain,
    open(value) {
      const [text = '', sent = ''] = value.split('.')
      const signature = Buffer.from(sent, 'base64url').toString('base64url')
      const payload = Buffer.from(text, 'base64url')
      return { tenant: null, input: [text], signature, payload, beside: null }
    },
  }

  it.each([
    ['it reads the first of two headers', own(plain, firstHeader), ['duplicateHeader']],
    ['it reads the query with URLSearchParams', own(plain, anyParameter), ['duplicateParameter']],
    [
      'its codec forgives',
      own(forgiving),
      ['paddedSignature', 'signatureSpareBits', 'extraSegment'],
    ],
  ])('is found out where %s', async (_, made, accepted) => {
    const wrong = await wronglyAnswered(made)
    expect(wrong).toEqual(expect.arrayContaining(accepted.map((defect) => `${defect}: null`)))
  })
})
