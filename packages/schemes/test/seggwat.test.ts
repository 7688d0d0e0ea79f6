import { ConfigError } from '@countersign/core'
import { seggwat } from '../src'
import { link, SECRET, sign, textOf, verify } from './support'

const options = { secret: SECRET, projectKey: 'abc123-demo' }
const modes = [
  ['hmac', seggwat(options)],
  ['jwt', seggwat({ ...options, mode: 'jwt' })],
] as const

describe.each(modes)('a SeggWat credential, mode %s', (_, portal) => {
  it('has its claims in the documented order, whatever the order of the user', async () => {
    const user = { subscriptionId: 'sub_1', name: 'Jane', email: 'j@example.com', id: 'u1' }
    const { token } = await sign(portal, user)
    expect(textOf(token)).toBe(
      '{"sub":"u1","email":"j@example.com","name":"Jane","subscription_id":"sub_1","exp":1789003600,"iat":1789000000,"project_key":"abc123-demo"}',
    )
  })

  it.each([{}, { email: null, name: null, subscriptionId: null }, { email: undefined }])(
    'leaves out what the user does not have: %j',
    async (nothing) => {
      const { token } = await sign(portal, { id: 'u1', ...nothing })
      expect(textOf(token)).toBe(
        '{"sub":"u1","exp":1789003600,"iat":1789000000,"project_key":"abc123-demo"}',
      )
    },
  )

  it('has no padding and no character that a URL would have to escape', async () => {
    const { token = '', url } = await sign(portal, { id: '??>>~~', name: 'ÿþý' })
    expect(token).toMatch(/^[\w-]+(?:\.[\w-]+){1,2}$/)
    expect(url).toBe(`https://seggwat.com/p/abc123-demo?token=${token}`)
  })

  it('goes to a page for iframes only when asked', async () => {
    const { token, url } = await sign(portal, { id: 'u1' }, { embed: true })
    expect(url).toBe(`https://seggwat.com/p/abc123-demo?token=${token}&embed=true`)
    expect((await sign(portal, { id: 'u1' }, { embed: false })).url).not.toContain('embed')
  })

  it('is refused by the portal of another project', async () => {
    const { token = '' } = await sign(portal, { id: 'u1' })
    const other = { ...options, projectKey: 'abc123-Demo' }
    const mode = token.split('.').length === 3 ? 'jwt' : 'hmac'
    const verdict = await verify(seggwat({ ...other, mode }), link('token', token))
    expect(verdict).toBe('audience_mismatch')
  })
})

describe('the modes of SeggWat', () => {
  it('are told apart by shape: neither reads what the other signs', async () => {
    const [[, hmac], [, jwt]] = modes
    const fromHmac = await sign(hmac, { id: 'u1' })
    const fromJwt = await sign(jwt, { id: 'u1' })
    expect(await verify(jwt, link('token', fromHmac.token ?? ''))).toBe('token_malformed')
    expect(await verify(hmac, link('token', fromJwt.token ?? ''))).toBe('token_malformed')
  })

  it.each(['JWT', 'hs256', '', null, 'toString', '__proto__'])(
    'are two, and %j is none of them',
    (mode) => {
      const wrong = { ...options, mode: mode as 'jwt' } // what a caller without types may pass
      expect(() => seggwat(wrong)).toThrow(ConfigError)
    },
  )

  it('are hmac when nothing is said', async () => {
    const { token = '' } = await sign(seggwat({ ...options, mode: undefined }), { id: 'u1' })
    expect(token.split('.')).toHaveLength(2)
  })
})
