import { FRAMEWORKS, parseBody } from './transport-frameworks'
import { JSON_TYPE, portals } from './transport-kit'
import {
  ADA,
  call,
  expectNothingSigned,
  NOW,
  outcome,
  PERSONAL,
  SCHEMES,
  signedText,
  watched,
  type AnyOptions,
} from './sign-endpoint-kit'

const asUser = (user: unknown): AnyOptions => ({ user: () => user })

describe.each(FRAMEWORKS)('whom a sign endpoint signs, on $name', (framework) => {
  it.each(SCHEMES)('SE-01 is nobody where nobody is signed in: %s', async (scheme) => {
    const portal = portals()[scheme]
    for (const nobody of [null, undefined, Promise.resolve(null)]) {
      const answer = await call(framework, { portal, options: asUser(nobody) })
      expect(outcome(answer)).toBe('401 unauthenticated')
      expectNothingSigned(answer)
      expect(answer.headers['www-authenticate']).toBe('Bearer')
    }
  })

  it('SE-01 says so in these words and no others', async () => {
    const { body, headers } = await call(framework, { options: asUser(null) })
    expect(body).toBe(
      '{"type":"urn:countersign:problem:unauthenticated","title":"Nobody is signed in","status":401,"code":"unauthenticated"}',
    )
    expect(headers).toMatchObject({
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    })
  })

  it('SE-02 is nobody where the application cannot tell', async () => {
    const fails = new Error('the session store is down')
    const ways: readonly AnyOptions['user'][] = [
      () => {
        throw fails
      },
      () => Promise.reject(fails),
    ]
    for (const user of ways) {
      const { seen, onRejected } = watched()
      const answer = await call(framework, { options: { user: user as never, onRejected } })
      expect(outcome(answer)).toBe('503 user_unavailable')
      expectNothingSigned(answer)
      expect(answer.headers['retry-after']).toBe('1')
      expect(answer.body).not.toContain('session store')
      expect(seen).toEqual(['user_unavailable'])
    }
  })

  it.each([{ id: 'u1', name: 'Jane' }, { email: null }, { email: undefined }, { email: '' }])(
    'SE-03 is nobody for fdback without an e-mail: %j',
    async (user) => {
      const answer = await call(framework, { options: asUser(user) })
      expect(outcome(answer)).toBe('401 unauthenticated')
      expectNothingSigned(answer)
    },
  )

  it.each(PERSONAL)('SE-04 is the user of the session, not of the body: %s', async (scheme) => {
    const victim = { email: 'victim@example.com', id: 'victim', user_id: 'victim', sub: 'victim' }
    const request = { headers: [JSON_TYPE], body: JSON.stringify(victim) }
    for (const before of [[], parseBody]) {
      const answer = await call(framework, { portal: portals()[scheme], before }, request)
      expect(answer.status).toBe(200)
      expect(signedText(answer)).toContain(ADA.email)
      expect(signedText(answer)).not.toContain('victim')
    }
  })

  it.each(PERSONAL)('SE-05 is the user of the session, not of the query: %s', async (scheme) => {
    const query = 'email=victim@example.com&user_id=victim&sub=victim&id=victim&ts=1&exp=9&nonce=1'
    const target = `/api/sign?${query}`
    const portal = portals()[scheme]
    const plain = await call(framework, { portal })
    const answer = await call(framework, { portal }, { target })
    expect(answer.status).toBe(200)
    expect(signedText(answer)).toBe(signedText(plain))
    expect(signedText(answer)).not.toContain('victim')
  })

  it.each(PERSONAL)('SE-06 is told by the documented claims alone: %s', async (scheme) => {
    const user = { ...ADA, role: 'admin', passwordHash: 'x$1', exp: 1, project_key: 'other' }
    const portal = portals()[scheme]
    const answer = await call(framework, { portal, options: asUser(user) })
    const plain = await call(framework, { portal })
    expect(signedText(answer)).toBe(signedText(plain))
    if (scheme !== 'fdback') return
    expect(signedText(answer)).toBe('{"email":"ada@example.com","name":"Ada"}')
  })

  it('SE-07 is told by plain properties: no getter and no toJSON is called', async () => {
    let calls = 0
    const user = {
      email: ADA.email,
      get name() {
        calls++
        return 'Mallory'
      },
      toJSON() {
        calls++
        return { email: 'victim@example.com' }
      },
    }
    const answer = await call(framework, { options: asUser(user) })
    expect(signedText(answer)).toBe('{"email":"ada@example.com"}')
    expect(calls).toBe(0)
  })

  it('SE-07 is not told by what a class or a toString makes up', async () => {
    class Account {
      name = 'Ada'
      get email(): string {
        return 'victim@example.com'
      }
    }
    const users = [new Account(), Object.create(ADA), { email: { toString: () => ADA.email } }]
    const outcomes = await Promise.all(
      users.map(async (user) => outcome(await call(framework, { options: asUser(user) }))),
    )
    expect(outcomes).toEqual(['401 unauthenticated', '401 unauthenticated', '422 user_invalid'])
  })

  it('SE-08 is nobody where only the prototype of all objects has an e-mail', async () => {
    const everything = Object.prototype as { email?: string }
    const user = (): object => {
      everything.email = 'victim@example.com'
      return { id: 'u1' }
    }
    try {
      const answer = await call(framework, { options: { user } })
      expect(outcome(answer)).toBe('401 unauthenticated')
    } finally {
      delete everything.email
    }
  })

  it.each(PERSONAL)('SE-09 is nobody whose name is half a surrogate pair: %s', async (scheme) => {
    const portal = portals()[scheme]
    for (const name of ['\ud800', 'a\udfffb', '\ude00\ud83d']) {
      const answer = await call(framework, { portal, options: asUser({ ...ADA, name }) })
      expect(outcome(answer)).toBe('422 user_invalid')
      expectNothingSigned(answer)
    }
  })

  it('SE-10 is nobody with a name of 10 MB or an avatar that runs', async () => {
    const wrong = [
      { ...ADA, name: 'x'.repeat(10_000_000) },
      { ...ADA, avatar: 'javascript:alert(1)' },
      { ...ADA, avatar: 'data:text/html,x' },
      { ...ADA, name: 42 },
      { ...ADA, email: ['ada@example.com'] },
      'ada@example.com',
      42,
      () => ADA,
      [],
    ]
    const outcomes = await Promise.all(
      wrong.map(async (user) => outcome(await call(framework, { options: asUser(user) }))),
    )
    expect(outcomes.slice(0, -2)).toEqual(Array(7).fill('422 user_invalid'))
    expect(outcomes.slice(-2)).toEqual(['422 user_invalid', '401 unauthenticated'])
  })

  it('is told when it is signed, not earlier: the user may come late', async () => {
    const user = async (): Promise<object> => Promise.resolve(ADA)
    const answer = await call(framework, { options: { user } })
    expect(JSON.parse(answer.body)).toMatchObject({ headers: { 'x-timestamp': String(NOW) } })
  })
})
