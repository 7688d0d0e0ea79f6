import {
  createVerifier,
  memoryReplayStore,
  type ReplayStore,
  type VerifierOptions,
} from '@countersign/core'
import { expectRejection, refusal } from './support/errors'
import { forgeLink, forgeMessage, forgeOnce, onceClaims } from './support/forge'
import { accepted, NOW, now, outcome, view, type RequestParts } from './support/request'
import { link, message, once } from './support/schemes'
import { CURRENT, FOREIGN } from './support/secrets'

const query = (payload?: object, secret?: string) =>
  `sig=${encodeURIComponent(forgeOnce(payload as Record<string, unknown>, secret))}`

/** A verifier over a watched store, asked with one fresh link unless told otherwise. */
function asking(options: VerifierOptions = {}) {
  const inner = memoryReplayStore({ now })
  const store = {
    claim: jest.fn(inner.claim),
    has: jest.fn(inner.has),
    durable: false,
  } satisfies ReplayStore
  const verifier = createVerifier(once({ secret: CURRENT }), {
    now,
    replayStore: store,
    ...options,
  })
  const verify = async (parts: RequestParts = {}) =>
    verifier.verify(view({ method: 'POST', query: query(), ...parts }))
  return { store, verify, ask: async (parts?: RequestParts) => outcome(await verify(parts)) }
}

describe('a one-time credential', () => {
  it('counts once, for a method that changes something', async () => {
    const { ask, store } = asking()
    expect([await ask(), await ask(), await ask({ method: 'PUT' })]).toEqual([
      '200',
      '401 token_replayed',
      '401 token_replayed',
    ])
    expect(store.claim.mock.calls[0]).toEqual([expect.stringMatching(/^[\w-]{43}$/), NOW + 150_000])
  })

  it.each(['GET', 'HEAD', 'OPTIONS'])('is looked at and not used up by %s', async (method) => {
    const { ask, store } = asking()
    expect([await ask({ method }), await ask({ method }), await ask()]).toEqual([
      '200',
      '200',
      '200',
    ])
    expect(await ask({ method })).toBe('401 token_replayed')
    expect(store.claim).toHaveBeenCalledTimes(1)
  })

  it('is not used up by a browser that only looks ahead', async () => {
    const { ask, store } = asking({ consume: ['GET'] })
    const ahead = { method: 'GET', headers: [['Sec-Purpose', 'prefetch']] } as const
    expect(await ask(ahead)).toBe('200')
    expect(store.claim).not.toHaveBeenCalled()
    expect(await ask({ method: 'GET' })).toBe('200')
    expect(await ask(ahead)).toBe('401 token_replayed')
  })

  it('is used up by the methods that the application names, and by no other', async () => {
    const { ask, store } = asking({ consume: ['GET', 'PURGE'] })
    expect(await ask({ method: 'POST' })).toBe('200')
    expect(store.claim).not.toHaveBeenCalled()
    expect(await ask({ method: 'PURGE' })).toBe('200')
    expect(store.claim).toHaveBeenCalledTimes(1)
  })

  it('is used up by the application itself, where it said so', async () => {
    const { verify, ask, store } = asking({ consume: 'manual' })
    const { auth } = accepted(await verify())
    expect(auth.nonce).toBe('n1')
    expect(store.claim).not.toHaveBeenCalled()
    await auth.consume()
    expect(await ask()).toBe('401 token_replayed')
  })

  it('is used up once a request, however often it is asked to', async () => {
    const { verify, store } = asking()
    const native = {}
    const { auth } = accepted(await verify({ native }))
    await Promise.all([auth.consume(), auth.consume()])
    accepted(await verify({ native }))
    accepted(await verify({ native, method: 'GET' }))
    expect(store.claim).toHaveBeenCalledTimes(1)
    expect(outcome(await verify({ native: {} }))).toBe('401 token_replayed')
  })

  it('knows a request by its view where the framework has no object for it', async () => {
    const { ask } = asking()
    expect(await ask({ native: undefined })).toBe('200')
    expect(await ask({ native: undefined })).toBe('401 token_replayed')
    expect(await ask({ native: 'text' })).toBe('401 token_replayed')
  })

  it('tells its second user so, when two come at once', async () => {
    const { verify } = asking({ consume: 'manual' })
    const [one, other] = (await Promise.all([verify(), verify()])).map(accepted)
    await one?.auth.consume()
    expectRejection(await refusal(other?.auth.consume() ?? Promise.resolve()), 'token_replayed')
  })

  it('never reaches the store when it is forged, ended or wrong', async () => {
    const { ask, store } = asking()
    const queries = [
      query(undefined, FOREIGN),
      query({ ...onceClaims, exp: NOW }),
      query({ ...onceClaims, nonce: '' }),
      query({ ...onceClaims, extra: 1 }),
    ]
    for (const bad of queries) expect(await ask({ query: bad })).toMatch(/^401 /)
    expect([store.claim, store.has].map(({ mock }) => mock.calls.length)).toEqual([0, 0])
  })

  it('is known by its nonce, not by its text', async () => {
    const { ask } = asking()
    expect(await ask()).toBe('200')
    const other = { exp: onceClaims.exp + 1, nonce: onceClaims.nonce }
    expect(await ask({ query: query(other) })).toBe('401 token_replayed')
    expect(await ask({ query: query({ ...onceClaims, nonce: 'N1' }) })).toBe('200')
  })

  it('that never ends needs a store that never forgets, or a time to forget it after', async () => {
    const undated = { query: query({ nonce: 'n2' }) }
    const forgetful = await asking().verify(undated)
    expect(outcome(forgetful)).toBe('401 claims_invalid')
    const told = asking({ nonceRetention: 3_600 })
    expect([await told.ask(undated), await told.ask(undated)]).toEqual([
      '200',
      '401 token_replayed',
    ])
    expect(told.store.claim.mock.calls[0]?.[1]).toBe(NOW + 3_600_000)
    const claim = jest.fn(async () => true)
    const replayStore = { claim, has: async () => false, durable: true }
    expect(await asking({ replayStore }).ask(undated)).toBe('200')
    expect(claim).toHaveBeenCalledWith(expect.any(String), Infinity)
  })

  it('is not let in where the store is in doubt', async () => {
    const broken = () => Promise.reject(new Error('no connection'))
    const { ask } = asking({ replayStore: { claim: broken, has: broken, durable: true } })
    expect(await ask()).toBe('503 store_unavailable')
    expect(await ask({ method: 'GET' })).toBe('503 store_unavailable')
  })

  it('is remembered by the portal itself where no store was given, also across guards', async () => {
    const portal = once({ secret: CURRENT })
    const answers: string[] = []
    for (let guard = 0; guard < 2; guard++) {
      const verifier = createVerifier(portal, { now })
      answers.push(outcome(await verifier.verify(view({ method: 'POST', query: query() }))))
    }
    expect(answers).toEqual(['200', '401 token_replayed'])
  })
})

describe('a credential that may be used again', () => {
  it('stays out of the store, and cannot be used up', async () => {
    const { store } = asking()
    const verifier = createVerifier(link({ secret: CURRENT }), { now, replayStore: store })
    const request = view({ method: 'POST', query: `token=${forgeLink()}` })
    const { auth } = accepted(await verifier.verify(request))
    accepted(await verifier.verify(request))
    expect([store.claim, store.has].map(({ mock }) => mock.calls.length)).toEqual([0, 0])
    expect(await refusal(auth.consume())).toMatchObject({ reason: 'not_single_use' })
  })
})

describe('a signed message', () => {
  const sent = (parts?: Parameters<typeof forgeMessage>[0]) =>
    view({ method: 'POST', ...forgeMessage(parts) })

  it('counts once where a store was given, by its moment and its bytes', async () => {
    const { store } = asking()
    const verifier = createVerifier(message({ secret: CURRENT }), { now, replayStore: store })
    const ask = async (parts?: Parameters<typeof forgeMessage>[0]) =>
      outcome(await verifier.verify(sent(parts)))
    expect([await ask(), await ask(), await ask({ timestamp: String(NOW - 1) })]).toEqual([
      '200',
      '401 token_replayed',
      '200',
    ])
    expect(await ask({ body: { email: 'bob@example.com' } })).toBe('200')
  })

  it('counts as often as it is sent where none was', async () => {
    const verifier = createVerifier(message({ secret: CURRENT }), { now })
    expect([await verifier.verify(sent()), await verifier.verify(sent())].map(outcome)).toEqual([
      '200',
      '200',
    ])
  })
})
