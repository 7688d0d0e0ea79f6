import { createHmac } from 'node:crypto'
import { defectsFor, mint, type Defect, type WireRequest } from '@countersign/testing'
import { NAMES, now, sample, secret, type SampleName } from '../support/samples'

async function minted(name: SampleName, defect?: Defect): Promise<WireRequest> {
  const { portal, user } = sample(name)
  return (await mint(portal, user, { now, nonce: 'n_1', defect })).request
}

const hmac = (input: string | Buffer, hash = 'sha256', key: string | Buffer = secret) =>
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
  const encoding = name === 'FeatKit' ? 'hex' : 'base64'
  return {
    json: payload.toString('utf8'),
    signature: Buffer.from(text.slice(text.lastIndexOf('.') + 1), encoding),
    right: hmac(name === 'SeggWat' || name === 'acme' ? payload : before),
  }
}

it.each(NAMES)(
  'what is minted for %s is another request for each defect, and the same each time',
  async (name) => {
    const { portal, guard } = sample(name)
    const defects = [undefined, ...defectsFor(portal, guard).filter((it) => it !== 'replayed')]
    const requests = await Promise.all(defects.map((defect) => minted(name, defect)))
    const texts = requests.map((it) => JSON.stringify({ ...it, body: Buffer.from(it.body ?? '') }))
    expect(texts.filter((text, index) => texts.indexOf(text) !== index)).toEqual([])
    expect(await minted(name, 'tampered')).toEqual(await minted(name, 'tampered'))
  },
)

/** Other spellings of a valid credential. */
const SPELLED: readonly string[] =
  'paddedSignature upperCaseSignature signatureSpareBits payloadSpace'.split(' ')

it.each(NAMES.filter((name) => name !== 'ticket'))(
  'a credential of %s in another spelling is valid to a decoder that forgives',
  async (name) => {
    const { portal, guard } = sample(name)
    const defects = defectsFor(portal, guard).filter((defect) => SPELLED.includes(defect))
    expect(defects.length).toBeGreaterThan(1)
    for (const defect of defects) {
      const { signature, right, json } = decoded(name, await minted(name, defect))
      expect([defect, signature.toString('hex')]).toEqual([defect, right.toString('hex')])
      expect(JSON.parse(json)).toEqual(expect.any(Object))
    }
  },
)

const jwt = { alg: 'HS256', typ: 'JWT' }

it.each<[Defect, object, hash: string]>([
  ['algNoneSigned', { ...jwt, alg: 'none' }, 'sha256'],
  ['algConfusion', { ...jwt, alg: 'RS256' }, 'sha256'],
  ['algHs512', { ...jwt, alg: 'HS512' }, 'sha512'],
  ['crit', { ...jwt, crit: ['exp'] }, 'sha256'],
  ['jwk', { ...jwt, jwk: { kty: 'oct', k: expect.any(String) } }, 'sha256'],
  ['expired', jwt, 'sha256'],
])('a JWT has the header and the signature that %s promises', async (defect, wanted, hash) => {
  const token = credentialOf(await minted('SeggWat JWT', defect))
  const [head = '', payload = '', signature] = token.split('.')
  const header = JSON.parse(Buffer.from(head, 'base64url').toString())
  expect(header).toEqual(wanted)
  const key = header.jwk ? Buffer.from(header.jwk.k, 'base64url') : secret
  expect(signature).toBe(hmac(`${head}.${payload}`, hash, key).toString('base64url'))
})
