import { harlyy } from '../src'
import { link, NOW, refusal, SECRET, sign, textOf, verify } from './support'

const portal = harlyy({ secret: SECRET, businessId: 'biz', surveyId: 'survey' })

describe('a Harlyy link', () => {
  it('holds its nonce and its end in milliseconds, in that order and nothing else', async () => {
    const { token, expiresAt } = await sign(portal, {}, { nonce: 'abc', expiresIn: 60 })
    expect(textOf(token)).toBe(`{"nonce":"abc","exp":${NOW + 60_000}}`)
    expect(expiresAt).toBe(NOW + 60_000)
  })

  it('takes nothing from the user', async () => {
    const user = { nonce: 'mine', id: 'u1', email: 'j@example.com', name: 'Jane', exp: 1 }
    const { token } = await sign(portal, user, { nonce: 'abc' })
    expect(textOf(token)).toBe(`{"nonce":"abc","exp":${NOW + 604_800_000}}`)
  })

  it('gets a random nonce of its own where none is given', async () => {
    const tokens = await Promise.all(Array.from({ length: 50 }, () => sign(portal, {})))
    const nonces = tokens.map(({ token }) => (JSON.parse(textOf(token)) as { nonce: string }).nonce)
    expect(new Set(nonces).size).toBe(50)
    for (const nonce of nonces) expect(nonce).toMatch(/^[0-9a-f-]{36}$/)
  })

  it.each([
    ['empty', ''],
    ['with a control character', 'a\u0000b'],
    ['with a line end', 'a\nb'],
    ['longer than 255 characters', 'n'.repeat(256)],
    ['with half a surrogate pair', 'a\ud800'],
    ['no text', 42 as unknown as string], // what a caller without types may pass
  ])('is not made for a nonce %s', async (_, nonce) => {
    expect(await refusal(sign(portal, {}, { nonce }))).toBe('user_invalid')
  })

  it('names nobody when it is read, and counts once', async () => {
    const { token = '' } = await sign(portal, {}, { nonce: 'once' })
    const nobody = { scheme: 'harlyy', id: null, email: null, name: null, nonce: 'once' }
    const post = { ...link('sig', token), method: 'POST' }
    expect(await verify(portal, post)).toStrictEqual(nobody)
    const again = { ...link('sig', token), method: 'POST' }
    expect(await verify(portal, again)).toBe('token_replayed')
  })
})
