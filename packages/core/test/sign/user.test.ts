import { createSigner, Key, type Portal } from '@countersign/core'
import { fdback, featkit, seggwat } from '@countersign/core/schemes'
import { refusal } from '../support/errors'
import { now } from '../support/request'
import { CURRENT } from '../support/secrets'

const secret = CURRENT
const links = featkit({ secret, slug: 'acme' })
const tokens = seggwat({ secret, projectKey: 'p' })
const requests = fdback({ secret, workspaceId: 'ws' })

const sign = (portal: Portal, user: unknown) => createSigner(portal, { now }).sign(user as never) // often wrong on purpose

async function payloadOf(portal: Portal, user: unknown): Promise<object> {
  const { token = '', body } = await sign(portal, user)
  return JSON.parse(body ?? Buffer.from(token.split('.')[0] ?? '', 'base64').toString()) as object
}

/** The refusal of a user, for whom nothing was signed. */
async function refused(portal: Portal, user: unknown): Promise<unknown> {
  const macs = jest.spyOn(Key.prototype, 'sign')
  const error = await refusal(sign(portal, user))
  expect(macs).not.toHaveBeenCalled()
  return error
}

afterEach(() => {
  jest.restoreAllMocks()
})

/** As Sequelize makes rows, and Mongoose documents: the columns are getters of a prototype. */
class Row {
  readonly dataValues = { id: 7, email: 'ada@example.com' }
  get id(): number {
    return this.dataValues.id
  }
  get email(): string {
    return this.dataValues.email
  }
}

/** As classes with a private field are often written. */
class Account {
  readonly id = 'u1'
  get email(): string {
    return 'ada@example.com'
  }
}

describe('a user that cannot be signed', () => {
  const own = {
    id: 'u1',
    get email(): string {
      throw new Error('the getter was called')
    },
  }

  it.each<[string, Portal, unknown, string]>([
    ['null', links, null, 'the user is not an object'],
    ['text', links, 'u1', 'the user is not an object'],
    ['a function', links, () => ({ id: 'u1' }), 'the user is not an object'],
    ['no id', links, {}, '"id" is missing'],
    ['a null id', tokens, { id: null }, '"id" is missing'],
    ['an empty id', links, { id: '' }, '"id" is empty'],
    ['a missing value', tokens, { id: 'undefined' }, '"id" is text such as "null"'],
    ['NaN', links, { id: NaN }, '"id" is neither a string nor a safe integer'],
    ['an object id', links, { id: {} }, 'nor a safe integer. Convert it: String(user.id)'],
    ['a long id', tokens, { id: 'x'.repeat(256) }, '"id" is longer than 255 characters'],
    ['a line end', links, { id: 1, name: 'a\nb' }, '"name" contains a control character'],
    ['half a pair', links, { id: 1, name: '\ud800' }, '"name" contains half a'],
    ['a long name', links, { id: 1, name: 'x'.repeat(1025) }, '"name" is longer than 1024'],
    ['an object', links, { id: 1, name: { toJSON: () => 'Ada' } }, '"name" is not a string'],
    ['an e-mail without @', links, { id: 1, email: 'ada' }, '"email" is not an e-mail address'],
    ['a path', requests, { email: 'a@b.co', avatar: '/a.png' }, '"avatar" is not an absolute'],
    ['a number', tokens, { id: 1, subscriptionId: 7 }, '"subscriptionId" is not a string'],
    ['too much', links, { id: 1, name: '語'.repeat(1024) }, 'the user does not fit'],
    ['an own getter', links, own, '"email" is a getter: return a plain object'],
    ['a class with a getter', links, new Account(), '"email" is inherited: return a plain object'],
    ['an inherited id', links, Object.create({ id: 'admin' }), '"id" is inherited'],
    ['a row', links, new Row(), '"id" is inherited: return a plain object'],
    ['a row for fdback', requests, new Row(), '"email" is inherited'],
    ['a lean document', links, { _id: '65f' }, 'has a property "_id". Did you mean "id"?'],
    ['the name of the claim', tokens, { sub: 'u1' }, '"sub". Did you mean "id"?'],
    ['another name', tokens, { id: 1, subscription_id: 's' }, 'mean "subscriptionId"?'],
    ['a misspelling', links, { id: 1, emial: 'a@b.co' }, '"emial". Did you mean "email"?'],
    ['capitals', links, { id: 1, Name: 'Ada' }, '"Name". Did you mean "name"?'],
  ])('names the property and the rule: %s', async (_, portal, user, detail) => {
    const error = await refused(portal, user)
    expect(error).toMatchObject({ code: 'user_invalid', detail: expect.stringContaining(detail) })
  })

  it.each([{}, { email: null }, { email: '' }])('counts as signed out: %j', async (user) => {
    expect(await refused(requests, user)).toMatchObject({ code: 'unauthenticated', status: 401 })
  })
})

it('refuses in TypeScript, too, names that are likely mistakes', async () => {
  const signer = createSigner(tokens, { now })
  const [ldapEntry, databaseRow] = [
    { id: 1, mail: 'ada@example.com' },
    { id: 1, subscription_id: 's' },
  ]
  const code = 'user_invalid'
  // @ts-expect-error -- `email` is meant
  await expect(signer.sign(ldapEntry)).rejects.toMatchObject({ code })
  // @ts-expect-error -- `subscriptionId` is meant
  await expect(signer.sign(databaseRow)).rejects.toMatchObject({ code })
  const withMore = { id: 1, passwordHash: 'ignored' }
  await expect(signer.sign(withMore)).resolves.toHaveProperty('token')
})

describe('a user that is signed', () => {
  it.each([
    ['a plain object of a document', { _id: '65f', id: '65f', $isNew: false }, '65f'],
    ['an instance with own properties', Object.assign(new (class User {})(), { id: 'u1' }), 'u1'],
    ['an object without a prototype', Object.assign(Object.create(null), { id: 'u1' }), 'u1'],
    ['a big number', { id: 2n ** 64n }, '18446744073709551616'],
  ])('may be %s', async (_, user, id) => {
    expect(await payloadOf(links, user)).toMatchObject({ user_id: id })
  })

  it.each(['', null, undefined])('may have %p for an optional text', async (none) => {
    expect(await payloadOf(links, { id: 'u1', email: none })).toMatchObject({ email: null })
    expect(await payloadOf(tokens, { id: 'u1', name: none })).not.toHaveProperty('name')
  })

  it('is signed with the documented properties alone', async () => {
    const more = { role: 'admin', passwordHash: 'x', timestamp: 1, expires: 1, toJSON: () => ({}) }
    const payload = await payloadOf(links, { ...more, name: 'Ada', email: 'a@b.co', id: 'u1' })
    expect(Object.keys(payload)).toEqual(['user_id', 'email', 'name', 'timestamp', 'expires'])
    expect(payload).toMatchObject({ user_id: 'u1', timestamp: now() / 1000 })
  })

  it('is signed without what a polluted prototype holds', async () => {
    const polluted = Object.prototype as Record<string, unknown>
    const getter = {
      get id(): string {
        return 'u1'
      },
    }
    try {
      Object.assign(polluted, { value: 'admin', email: 'admin@example.com' })
      expect(await payloadOf(links, { id: 'u1' })).toMatchObject({ user_id: 'u1', email: null })
      expect(await refusal(sign(links, getter))).toMatchObject({ code: 'user_invalid' })
    } finally {
      delete polluted['value']
      delete polluted['email']
    }
  })
})
