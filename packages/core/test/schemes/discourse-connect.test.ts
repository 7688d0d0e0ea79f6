import { createHmac } from 'node:crypto'
import {
  base64Lines,
  compactForm,
  createSigner,
  createVerifier,
  hashedIdentifier,
  hex,
  Key,
} from '@countersign/core'
import { discourseConnect } from '@countersign/core/schemes'
import DiscourseSso from 'discourse-sso'
import { codeOf, resultOf } from '../support/errors'
import { NOW, SECRET, sent, verify } from './support'

const secret = SECRET
const ada = { id: 7, email: 'ada@example.com', name: 'Ada Okafor' }
const forum = discourseConnect({ secret, baseUrl: 'https://forum.example' })

describe('DiscourseConnect', () => {
  const other = new DiscourseSso(secret)
  const page = 'https://forum.example/session/sso_login'
  const challenge = (claims: Readonly<Record<string, string>>, key = secret): string => {
    const sso = Buffer.from(new URLSearchParams(claims).toString()).toString('base64')
    const sig = createHmac('sha256', key).update(sso).digest('hex')
    return `/sso?${new URLSearchParams({ sso, sig }).toString()}`
  }
  const answer = (arrival: string) =>
    createSigner(forum, { now: () => NOW }).sign({ ...ada }, { arrival })

  it('agrees with discourse-sso in both directions', async () => {
    const { url } = await answer(challenge({ nonce: 'n1', return_sso_url: page }))
    const query = new URL(url).searchParams
    expect(url.startsWith(`${page}?`)).toBe(true)
    expect(other.validate(query.get('sso') ?? '', query.get('sig') ?? '')).toBe(true)
    expect(other.getNonce(query.get('sso') ?? '')).toBe('n1')
    const signed = other.buildLoginString({
      nonce: 'n2',
      external_id: '7',
      email: ada.email,
      name: ada.name,
    })
    const user = await verify(forum, sent({ url: `${page}?${signed}` }), { nonceRetention: 600 })
    expect(user).toMatchObject({ id: '7', email: ada.email, name: ada.name })
  })

  it('is refused at construction by a guard whose store forgets its links, which contain no time', () => {
    expect(resultOf(() => (createVerifier(forum), 'ok'))).toBe('option_invalid')
    expect(resultOf(() => (createVerifier(forum, { nonceRetention: 600 }), 'ok'))).toBe('ok')
  })

  it('signs no text that a form cannot hold, and nothing for `null`', async () => {
    const arrival = challenge({ nonce: 'n1', return_sso_url: page })
    const sign = (more: object) =>
      createSigner(forum, { now: () => NOW }).sign({ ...ada, ...more }, { arrival })
    const { url } = await sign({ custom: { plan: null, team: 'a' } })
    const payload = Buffer.from(new URL(url).searchParams.get('sso') ?? '', 'base64').toString()
    expect(payload).toMatch(/custom\.team=a/)
    expect(payload).not.toContain('plan')
    expect(await sign({ groups: ['\uD800'] }).catch(codeOf)).toBe('user_invalid')
  })

  const astray = { nonce: 'n1', return_sso_url: 'https://evil.example/session/sso_login' }

  it.each<readonly [string, string, string]>([
    ['has no request', '/sso', 'credential_missing'],
    ['has half a request', '/sso?sso=bm9uY2U9MQ%3D%3D', 'credential_missing'],
    ['was sent by somebody else', challenge({ nonce: 'n1' }, `${secret}.`), 'signature_invalid'],
    ['has no nonce', challenge({ return_sso_url: page }), 'claims_invalid'],
    ['is to return elsewhere', challenge(astray), 'return_to_invalid'],
  ])('signs nothing for a visitor who %s', async (_, arrival, code) => {
    expect(await answer(arrival).catch(codeOf)).toBe(code)
  })

  it('signs nothing for a visitor who was sent under a retired secret', async () => {
    const retired = { id: 'old', value: `${secret}.`, notAfter: new Date(NOW) }
    const portal = discourseConnect({ secret: [secret, retired], baseUrl: 'https://forum.example' })
    const arrival = challenge({ nonce: 'n1' }, `${secret}.`)
    const at = (now: number) => createSigner(portal, { now: () => now }).sign(ada, { arrival })
    expect(await at(NOW).catch(codeOf)).toBe('signature_invalid')
    expect(await at(NOW - 1)).toMatchObject({ url: expect.stringContaining(page) })
  })

  it('needs the address of the forum to sign, and not to verify', () => {
    const portal = discourseConnect({ secret })
    expect(resultOf(() => createSigner(portal))).toBe('id_missing')
  })
})

describe('published vectors', () => {
  // https://meta.discourse.org/t/13045
  const keyOf = (text: string) => new Key(Buffer.from(text), { id: null, notAfter: Infinity })
  const key = keyOf('d836444a9e4084d5b224a60c208dce14')
  const codec = compactForm({ payload: base64Lines, signature: hex, signs: 'text' })
  const raw =
    'nonce=cb68251eefb5211e58c00ff1395f0c0b&name=sam&username=samsam&email=test%40test.com&external_id=hello123&require_activation=true'

  it('of DiscourseConnect: the request, with the line break at its end', () => {
    const value =
      'bm9uY2U9Y2I2ODI1MWVlZmI1MjExZTU4YzAwZmYxMzk1ZjBjMGI=\n.2828aa29899722b35a2f191d34ef9b3ce695e0e6eeec47deb46d588d70c7cb56'
    const { input, signature, payload } = codec.open(value)
    expect(key.verify(input, signature, hex)).toBe(true)
    expect(Buffer.from(payload).toString()).toBe('nonce=cb68251eefb5211e58c00ff1395f0c0b')
  })

  it('of DiscourseConnect: the answer', () => {
    const claims = Object.fromEntries(new URLSearchParams(raw))
    const { input, finish } = codec.seal(claims, null)
    expect(finish(key.sign(input, hex))).toBe(
      `${Buffer.from(raw).toString('base64')}.3d7e5ac755a87ae3ccf90272644ed2207984db03cf020377c8b92ff51be3abc3`,
    )
  })

  it.each([
    ['secret', 'Message', 'aa747c502a898200f9e4fa21bac68136f886a0e27aec70ba06daf2e2a5cb5597'],
    ['abc123', '12345', '20b24359daf614c0c238dcbccbb0ed9e4f679cbe9868ddbc57d32c603cb8cf70'],
  ])('of an identifier hash, under the secret %s', (text, identifier, hash) => {
    const { input, finish } = hashedIdentifier('id').seal({ id: identifier }, null)
    expect(finish(keyOf(text).sign(input, hex))).toBe(`${identifier}.${hash}`)
  })
})
