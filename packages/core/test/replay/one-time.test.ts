import { createGuard, type VerifierOptions } from '@countersign/core'
import { fdback } from '@countersign/core/schemes'
import { refusal } from '../support/errors'
import { forgeMessage, type MessageParts } from '../support/forge'
import { accepted, NOW, now, outcome, verify, view } from '../support/request'
import { CURRENT } from '../support/secrets'
import { EXPIRY, guarding, LEASE, linkOf } from './guarding'

const METHODS = ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'DELETE', 'PURGE']

describe('the option `consume`', () => {
  it.each<[string, VerifierOptions['consume'], readonly string[]]>([
    ['default', undefined, ['POST', 'PUT', 'DELETE', 'PURGE']],
    ['unsafe-methods', 'unsafe-methods', ['POST', 'PUT', 'DELETE', 'PURGE']],
    ['manual', 'manual', []],
    ['no method', [], []],
    ['POST', ['POST'], ['POST']],
    ['GET, and so HEAD', ['GET', 'PURGE'], ['GET', 'HEAD', 'PURGE']],
    ['HEAD', ['HEAD'], ['HEAD']],
    ['a lease', { lease: LEASE }, ['POST', 'PUT', 'DELETE', 'PURGE']],
    ['a lease of GET', { lease: LEASE, methods: ['GET'] }, ['GET', 'HEAD']],
  ])('names the methods that use a credential up: %s', async (_name, consume, expected) => {
    const used: string[] = []
    for (const method of METHODS) {
      const { ask } = guarding({ consume })
      expect(await ask({ method })).toBe('200')
      if ((await ask({ method })) !== '200') used.push(method)
    }
    expect(used).toEqual(expected)
  })

  it('takes a used credential for used whatever the method', async () => {
    const { ask, asked } = guarding()
    await ask()
    for (const method of METHODS) expect(await ask({ method })).toBe('401 token_replayed')
    expect(asked()).toEqual(['claim', 'has', 'has', 'has', 'claim', 'claim', 'claim', 'claim'])
  })
})

describe('a prefetch', () => {
  const modes = [{ consume: ['GET'] }, { consume: { lease: LEASE, methods: ['GET'] } }]

  it.each(['GET', 'HEAD'])('is refused where it uses a link up: %s', async (method) => {
    for (const mode of modes) {
      const { portal, store, asked, ask } = guarding(mode)
      const guard = createGuard(portal, { now, replayStore: store, ...mode })
      const headers = [['Sec-Purpose', 'prefetch']] as const
      const decision = await guard.decide(view({ method, query: linkOf(), headers }))
      expect(decision).toMatchObject({
        pass: false,
        error: { code: 'prefetch_refused' },
        response: { status: 503, headers: { 'cache-control': 'no-store' } },
      })
      expect(asked()).toEqual([])
      expect(await ask({ method })).toBe('200')
    }
  })

  it.each([
    ['Sec-Purpose', 'prefetch', true],
    ['Sec-Purpose', 'prefetch;prerender', true],
    ['Sec-Purpose', 'prefetch; anonymous-client-ip', true],
    ['Purpose', 'Prefetch', true],
    ['Purpose', 'x, prefetch', true],
    ['Purpose', 'prefetching', false],
    ['Purpose', 'no-prefetch', false],
    ['X-Purpose', 'prefetch', false],
  ])('is known by `%s: %s`: %p', async (name, value, isPrefetch) => {
    const { ask } = guarding({ consume: ['GET'] })
    const result = await ask({ method: 'GET', headers: [[name, value]] })
    expect(result).toBe(isPrefetch ? '503 prefetch_refused' : '200')
  })

  it('passes where it only checks the credential', async () => {
    const { ask, asked } = guarding()
    expect(await ask({ method: 'GET', headers: [['Purpose', 'prefetch']] })).toBe('200')
    expect(asked()).toEqual(['has'])
  })

  it.each(['POST', 'PURGE'])('changes nothing for %s', async (method) => {
    const { ask } = guarding({ consume: ['GET', 'POST', 'PURGE'] })
    const request = { method, headers: [['Sec-Purpose', 'prefetch']] } as const
    expect([await ask(request), await ask(request)]).toEqual(['200', '401 token_replayed'])
  })
})

describe('`portalAuth.consume()`', () => {
  it('uses the credential up once, however often one request calls it', async () => {
    const { verify, ask, asked } = guarding({ consume: 'manual' })
    const { auth } = accepted(await verify())
    await Promise.all([auth.consume(), auth.consume()])
    await auth.consume()
    expect(asked()).toEqual(['has', 'claim'])
    expect(await ask()).toBe('401 token_replayed')
  })

  it('rejects for the second of two requests', async () => {
    const { verify } = guarding({ consume: 'manual' })
    const [one, other] = [accepted(await verify()).auth, accepted(await verify()).auth]
    await one.consume()
    expect(await refusal(other.consume())).toMatchObject({ code: 'token_replayed' })
  })

  it('resolves where the guard has used the credential up already', async () => {
    const { verify, asked } = guarding()
    await accepted(await verify()).auth.consume()
    expect(asked()).toEqual(['claim'])
  })
})

describe('how long a use is remembered', () => {
  it.each([0, 30, 300])('is a minute longer than a tolerance of %i s', async (clockTolerance) => {
    const { ask, calls } = guarding({ clockTolerance })
    await ask()
    expect(calls[0]?.[2]).toBe(EXPIRY + clockTolerance * 1_000 + 60_000)
  })

  it('is for ever in a durable store where the credential never expires', async () => {
    const claim = jest.fn(() => true)
    const { ask } = guarding({ replayStore: { claim, has: () => false, durable: true } })
    expect(await ask({ query: linkOf('n1', CURRENT, null) })).toBe('200')
    expect(claim).toHaveBeenCalledWith(expect.any(String), Infinity, expect.any(String))
  })

  it('is `nonceRetention` seconds in another store, and without it the credential is refused', async () => {
    const undated = { query: linkOf('n1', CURRENT, null) }
    const { ask, calls } = guarding({ nonceRetention: 3_600 })
    expect([await ask(undated), await ask(undated)]).toEqual(['200', '401 token_replayed'])
    expect(calls[0]?.[2]).toBe(NOW + 3_600_000)
    const refused = guarding()
    expect(await refused.verify(undated)).toMatchObject({
      error: {
        code: 'claims_invalid',
        detail: expect.stringMatching(/durable `replayStore`, or `nonceRetention`/),
      },
    })
    expect(refused.asked()).toEqual([])
  })
})

describe('a signed message', () => {
  it('is single-use where the guard has a store, by its time and its bytes', async () => {
    const { store } = guarding()
    const portal = fdback({ secret: CURRENT })
    const ask = async (options: VerifierOptions, parts?: MessageParts) =>
      outcome(await verify(portal, forgeMessage(parts), options))
    const once = { replayStore: store }
    expect([await ask(once), await ask(once)]).toEqual(['200', '401 token_replayed'])
    expect(await ask(once, { timestamp: String(NOW - 1) })).toBe('200')
    expect(await ask(once, { body: { email: 'bob@example.com' } })).toBe('200')
    expect([await ask({}), await ask({})]).toEqual(['200', '200'])
  })
})

describe('a request whose framework has no object for it', () => {
  it('is known by its view', async () => {
    for (const native of [undefined, 'text']) {
      const { ask } = guarding()
      expect([await ask({ native }), await ask({ native })]).toEqual(['200', '401 token_replayed'])
    }
  })
})
