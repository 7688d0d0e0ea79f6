import { createSigner, Key, type SignOptions } from '@countersign/core'
import { NOW } from './support/request'
import { jwt, link, message, once, type Input } from './support/schemes'
import { CURRENT } from './support/secrets'

afterEach(() => {
  jest.restoreAllMocks()
})

const now = () => NOW
const secret = CURRENT
const links = link({ secret, slug: 'acme' })
const jwts = jwt({ secret, projectKey: 'project' })
const onces = once({ secret })
const messages = message({ secret, workspaceId: 'demo' })
const ada = { id: 'u1', email: 'ada@example.com', name: 'Ada' }

describe('a user that cannot be signed', () => {
  const poisoned = Object.create({ id: 'admin' }) as Input
  const asked = {
    get id(): string {
      throw new Error('asked')
    },
  }
  const wrong: readonly (readonly [string, unknown])[] = [
    ['null', null],
    ['a text', 'u1'],
    ['a function', () => ada],
    ['nobody', {}],
    ['an id of its prototype', poisoned],
    ['an id behind a getter', asked],
    ['an empty id', { id: '' }],
    ['an id that means nobody', { id: 'undefined' }],
    ['an id that is no number', { id: NaN }],
    ['an id with a line end', { id: 'u\n1' }],
    ['an id that is too long', { id: 'x'.repeat(256) }],
    ['an e-mail address that is none', { id: 'u1', email: 'ada' }],
    ['a name that is too long', { id: 'u1', name: 'x'.repeat(1_025) }],
    ['a name with half a pair', { id: 'u1', name: '\ud800' }],
    ['a name that is an object', { id: 'u1', name: { toJSON: () => 'Ada' } }],
    ['a name that does not fit into a credential', { id: 'u1', name: '語'.repeat(1_024) }],
  ]

  it.each(wrong)('leaves nothing signed: %s', async (_, user) => {
    const sign = jest.spyOn(links.scheme.mac, 'sign')
    const macs = jest.spyOn(Key.prototype, 'hmac')
    const signing = createSigner(links, { now }).sign(user as Input) // wrong on purpose
    await expect(signing).rejects.toMatchObject({ code: 'user_invalid', status: 422 })
    expect(sign).not.toHaveBeenCalled()
    expect(macs).not.toHaveBeenCalled()
  })

  it('counts as nobody signed in, where a session has to know something', async () => {
    const macs = jest.spyOn(Key.prototype, 'hmac')
    for (const user of [{}, { email: null }, { email: '', name: 'Ada' }]) {
      const signing = createSigner(messages, { now }).sign(user)
      await expect(signing).rejects.toMatchObject({ code: 'unauthenticated', status: 401 })
    }
    expect(macs).not.toHaveBeenCalled()
  })

  it.each(['', 'x'.repeat(256), 7, 'a\nb'])(
    'leaves nothing signed for the nonce %p',
    async (nonce) => {
      const macs = jest.spyOn(Key.prototype, 'hmac')
      const signing = createSigner(onces, { now }).sign({}, { nonce: nonce as string }) // some wrong on purpose
      await expect(signing).rejects.toMatchObject({ code: 'user_invalid' })
      expect(macs).not.toHaveBeenCalled()
    },
  )

  it.each([{ embed: 'yes' }, { expiresin: 60 }])(
    'leaves nothing signed for the options %j',
    async (options) => {
      const macs = jest.spyOn(Key.prototype, 'hmac')
      const signing = createSigner(links, { now }).sign(ada, options as SignOptions) // wrong on purpose
      await expect(signing).rejects.toMatchObject({ code: 'misconfigured' })
      await expect(createSigner(jwts, { now }).sign(ada, { embed: true })).rejects.toThrow(
        'no page for iframes',
      )
      expect(macs).not.toHaveBeenCalled()
    },
  )

  it('is signed with nothing but its documented fields', async () => {
    const user = { ...ada, role: 'admin', passwordHash: 'x', toJSON: () => ({ id: 'other' }) }
    const { token } = await createSigner(links, { now }).sign(user)
    const payload: object = JSON.parse(Buffer.from(token?.split('.')[0] ?? '', 'base64').toString())
    expect(Object.keys(payload)).toEqual(['user_id', 'email', 'name', 'timestamp', 'expires'])
    expect(payload).toMatchObject({ user_id: 'u1' })
  })
})
