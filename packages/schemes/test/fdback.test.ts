import { createHmac } from 'node:crypto'
import { fdback } from '../src'
import { NOW, refusal, SECRET, sent, sign, verify } from './support'

const portal = fdback({ secret: SECRET, workspaceId: 'ws_demo' })
const user = { email: 'j@example.com', name: 'Jane', avatar: 'https://example.com/j.png' }

describe('a request signed for fdback', () => {
  it('has the documented members in the documented order', async () => {
    const signed = await sign(portal, user)
    expect(Object.keys(signed)).toEqual(['url', 'headers', 'body', 'expiresAt'])
    expect(Object.keys(signed.headers ?? {})).toEqual([
      'x-workspace-id',
      'x-timestamp',
      'x-signature',
    ])
    expect(signed.url).toBe('https://app.fdback.io/api/auth/sdk-login')
    expect(signed.expiresAt).toBe(NOW + 300_000)
  })

  it('has a body of e-mail, name and avatar in that order, whatever the order of the user', async () => {
    const { avatar, name, email } = user
    const { body } = await sign(portal, { role: 'admin', avatar, name, email, id: 7 })
    expect(body).toBe(
      '{"email":"j@example.com","name":"Jane","avatar":"https://example.com/j.png"}',
    )
  })

  it('leaves out of the body what the user does not have', async () => {
    expect((await sign(portal, { email: 'a@b.co' })).body).toBe('{"email":"a@b.co"}')
    const nulls = { email: 'a@b.co', name: null, avatar: undefined }
    expect((await sign(portal, nulls)).body).toBe('{"email":"a@b.co"}')
  })

  it('is signed over timestamp, dot and body, the workspace being no part of it', async () => {
    const { headers = {}, body } = await sign(portal, user)
    const mac = createHmac('sha256', SECRET).update(`${NOW}.${body}`).digest('hex')
    expect(headers['x-timestamp']).toBe(String(NOW))
    expect(headers['x-signature']).toBe(mac)
  })

  it.each([{}, { name: 'Jane' }, { email: null }, { email: undefined }, { email: '' }])(
    'is not made for a user without an e-mail: %j',
    async (nobody) => {
      expect(await refusal(sign(portal, nobody))).toBe('unauthenticated')
    },
  )

  it.each([
    ['an e-mail that is none', { email: 'jane' }],
    ['an e-mail with white space', { email: 'a b@c.d' }],
    ['an e-mail that is no text', { email: 42 }],
    ['an avatar with a script for an address', { ...user, avatar: 'javascript:alert(1)' }],
    ['an avatar on its own host only', { ...user, avatar: '/j.png' }],
    ['a name with half a surrogate pair', { ...user, name: '\ud800' }],
    ['a name that is too long', { ...user, name: 'x'.repeat(1025) }],
  ])('is not made for %s', async (_, wrong) => {
    expect(await refusal(sign(portal, wrong))).toBe('user_invalid')
  })

  it('counts for five minutes to the millisecond', async () => {
    const request = sent(await sign(portal, user))
    expect(await verify(portal, request, { at: NOW + 300_000 })).toMatchObject({ id: user.email })
    expect(await verify(portal, request, { at: NOW + 300_001 })).toBe('token_expired')
  })

  it('is refused when its body changes by one space', async () => {
    const signed = await sign(portal, user)
    const changed = { ...signed, body: `${signed.body} ` }
    expect(await verify(portal, sent(changed))).toBe('signature_invalid')
  })
})
