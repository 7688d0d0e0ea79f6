import { createHmac } from 'node:crypto'
import { DEFECTS, defectsFor, mint, type Defect, type WireRequest } from '@countersign/testing'
import { verify } from 'jsonwebtoken'
import { NAMES, now, sample, secret, type SampleName } from '../support/samples'

const READABLE = NAMES.filter((name) => name !== 'ticket')

async function minted(name: SampleName, defect?: Defect): Promise<WireRequest> {
  const { portal, user } = sample(name)
  return (await mint(portal, user, { now, nonce: 'n_1', defect })).request
}

const hmac = (input: string | Buffer, hash = 'sha256', key: string = secret) =>
  createHmac(hash, key).update(input).digest()
const headerOf = ({ headers }: WireRequest, name: string) =>
  headers.find(([sent]) => sent.toLowerCase() === name)?.[1] ?? ''
const credentialOf = ({ query }: WireRequest) =>
  decodeURIComponent(query.slice(query.indexOf('=') + 1))

/** Takes a credential apart with Node's own decoders, which forgive, and without the kit. */
function decoded(name: SampleName, request: WireRequest) {
  if (name === 'fdback') {
    const body = Buffer.from(request.body ?? '')
    const signed = Buffer.concat([Buffer.from(`${headerOf(request, 'x-timestamp')}.`), body])
    const signature = Buffer.from(headerOf(request, 'x-signature'), 'hex')
    return { json: body.toString(), signature, right: hmac(signed) }
  }
  const text = name === 'acme' ? headerOf(request, 'x-acme-user') : credentialOf(request)
  const before = text.slice(0, text.lastIndexOf('.'))
  const payload = Buffer.from(before.slice(before.indexOf('.') + 1), 'base64') // both alphabets
  const encoding = name === 'FeatKit' || name === 'community' ? 'hex' : 'base64'
  return {
    json: payload.toString('utf8'),
    signature: Buffer.from(text.slice(text.lastIndexOf('.') + 1), encoding),
    right: hmac(name === 'SeggWat' || name === 'acme' ? payload : before),
  }
}

async function each(name: SampleName, wanted: (defect: Defect) => boolean) {
  const { portal, guard } = sample(name)
  const defects = defectsFor(portal, guard).filter(wanted)
  return Promise.all(
    defects.map(async (defect) => ({ defect, ...decoded(name, await minted(name, defect)) })),
  )
}

const isIn =
  (...groups: readonly string[]) =>
  (defect: Defect) =>
    groups.includes(DEFECTS[defect].group)

describe.each(NAMES)('what is minted for %s', (name) => {
  it('is another request for each defect, and the same each time', async () => {
    const { portal, guard } = sample(name)
    const defects = [undefined, ...defectsFor(portal, guard).filter((it) => it !== 'replayed')]
    const requests = await Promise.all(defects.map((defect) => minted(name, defect)))
    const texts = requests.map((it) => JSON.stringify({ ...it, body: Buffer.from(it.body ?? '') }))
    expect(texts.filter((text, index) => texts.indexOf(text) !== index)).toEqual([])
    expect(await minted(name, 'tampered')).toEqual(await minted(name, 'tampered'))
  })
})

describe.each(READABLE)('a credential of %s', (name) => {
  it('is signed rightly where only its claims or their JSON are wrong', async () => {
    const all = await each(name, isIn('json', 'time', 'claim'))
    expect(all.length).toBeGreaterThan(25)
    const wrong = all.filter(({ signature, right }) => !signature.equals(right))
    expect(wrong.map(({ defect }) => defect)).toEqual([])
  })

  it('has the claims of the valid one where only its signature is wrong', async () => {
    const good = decoded(name, await minted(name))
    const others = [
      'tampered',
      'otherUser',
      'missingSignature',
      'emptySignature',
      'signatureAlphabet',
    ]
    const all = await each(name, (it) => isIn('signature')(it) && !others.includes(it))
    const wrong = all.filter(({ json }) => json.trimEnd() !== good.json)
    expect(wrong.map(({ defect }) => defect)).toEqual([])
  })

  it('would be read as a valid one by a decoder that forgives', async () => {
    const spelled = `paddedSignature upperCaseSignature signatureSpareBits signatureAlphabet
      paddedPayload payloadSpareBits payloadAlphabet payloadSpace payloadLineBreak`.split(/\s+/)
    const all = await each(name, (defect) => spelled.includes(defect))
    expect(all.length).toBeGreaterThan(1)
    for (const { signature, right, json } of all) {
      expect(signature.toString('hex')).toBe(right.toString('hex'))
      expect(JSON.parse(json)).toEqual(expect.any(Object))
    }
  })

  it('has other claims under the signature of the valid one where it was changed', async () => {
    const good = decoded(name, await minted(name))
    const all = await each(name, (defect) => defect === 'tampered' || defect === 'otherUser')
    for (const { signature, right, json, defect } of all) {
      expect(signature.equals(good.signature) && !signature.equals(right)).toBe(true)
      expect(json === good.json).toBe(name === 'fdback' && defect === 'tampered') // whose time is in a header
    }
  })
})

describe('a minted JWT', () => {
  const token = async (defect?: Defect) => credentialOf(await minted('SeggWat JWT', defect))
  const headers: Readonly<Partial<Record<Defect, object | string | RegExp>>> = {
    algNone: { alg: 'none' },
    algNoneSigned: { alg: 'none', typ: 'JWT' },
    algNoneMixedCase: { alg: 'nOnE', typ: 'JWT' },
    algConfusion: { alg: 'RS256', typ: 'JWT' },
    algEs256: { alg: 'ES256' },
    algHs384: { alg: 'HS384', typ: 'JWT' },
    algHs512: { alg: 'HS512', typ: 'JWT' },
    algLowerCase: { alg: 'hs256', typ: 'JWT' },
    algSpace: { alg: 'HS256 ', typ: 'JWT' },
    algList: { alg: ['HS256'], typ: 'JWT' },
    algMissing: { typ: 'JWT' },
    crit: { alg: 'HS256', typ: 'JWT', crit: ['exp'] },
    b64: { alg: 'HS256', typ: 'JWT', b64: false },
    jwk: { alg: 'HS256', typ: 'JWT', jwk: { kty: 'oct', k: expect.any(String) } },
    jku: { alg: 'HS256', typ: 'JWT', jku: expect.stringMatching(/^https:/) },
    headerMember: { alg: 'HS256', typ: 'JWT', iss: 'someone' },
    typWrong: { alg: 'HS256', typ: 'JWE' },
    kidTooLong: { alg: 'HS256', typ: 'JWT', kid: 'k'.repeat(257) },
    kidPath: { alg: 'HS256', typ: 'JWT', kid: '../../dev/null' },
    duplicateAlg: '{"alg":"none","alg":"HS256","typ":"JWT"}',
    escapedDuplicateAlg: '{"\\u0061lg":"none","alg":"HS256","typ":"JWT"}',
    headerBom: '\uFEFF{"alg":"HS256","typ":"JWT"}',
    headerNull: 'null',
    headerTooLong: `{"alg":"HS256","typ":"JWT"}${' '.repeat(1024)}`,
    emptyHeader: '',
    expired: '{"alg":"HS256","typ":"JWT"}',
  }

  it.each(Object.entries(headers))('has the header that %s promises', async (defect, wanted) => {
    const [header = ''] = (await token(defect as Defect)).split('.') // one of its keys
    const text = Buffer.from(header, 'base64url').toString('utf8')
    expect(typeof wanted === 'string' ? text : JSON.parse(text)).toEqual(wanted)
  })

  it('is signed as its defect says', async () => {
    const signed: readonly (readonly [Defect, hash: string, key?: string])[] = [
      ['crit', 'sha256'],
      ['algConfusion', 'sha256'],
      ['algHs384', 'sha384'],
      ['algHs512', 'sha512'],
      ['kidPath', 'sha256', ''],
    ]
    for (const [defect, hash, key] of signed) {
      const text = await token(defect)
      const dot = text.lastIndexOf('.')
      expect(text.slice(dot + 1)).toBe(hmac(text.slice(0, dot), hash, key).toString('base64url'))
    }
    const claims = verify(await token('algHs384'), secret, { clockTimestamp: now() / 1_000 })
    expect(claims).toMatchObject({ sub: 'u_1', project_key: 'abc123' })
    expect(await token('algNone')).toMatch(/^[\w-]+\.[\w-]+\.$/)
    expect((await token('algEs256')).split('.')[2]).toHaveLength(86)
    const own = await token('jwk')
    const { jwk } = JSON.parse(Buffer.from(own.split('.')[0]!, 'base64url').toString())
    const key = Buffer.from(jwk.k, 'base64url').toString()
    const dot = own.lastIndexOf('.')
    expect(own.slice(dot + 1)).toBe(hmac(own.slice(0, dot), 'sha256', key).toString('base64url'))
  })

  it('has the segments of the valid one but for the one that is wrong', async () => {
    const [header, payload, signature] = (await token()).split('.')
    expect(await token('missingHeader')).toBe(`${payload}.${signature}`)
    expect(await token('detachedPayload')).toBe(`${header}..${signature}`)
    expect(await token('extraSegment')).toBe(`${header}.${payload}.${signature}.${signature}`)
    expect(JSON.parse(await token('jsonSerialization'))).toEqual({
      protected: header,
      payload,
      signature,
    })
  })
})

describe('what is too long or too deep', () => {
  it('exceeds its limit by as little as possible', async () => {
    for (const name of ['FeatKit', 'SeggWat', 'SeggWat JWT', 'Harlyy'] as const) {
      const { length } = credentialOf(await minted(name, 'overLong'))
      expect([name, length > 4_096, length <= 4_100]).toEqual([name, true, true])
    }
    const body = async (defect: Defect) => decoded('fdback', await minted('fdback', defect)).json
    expect(await body('tooDeep')).toMatch(/[^[]\[{8}\]{8}\}$/)
    expect(Object.keys(JSON.parse(await body('tooManyMembers')) as object)).toHaveLength(65)
    expect(await body('bodyTooLarge')).toHaveLength(16_385)
  })
})
