import { featkit } from '@countersign/core/schemes'
import { forgeLink } from '../support/forge'
import { catchWarnings } from '../support/process'
import { accepted, verify } from '../support/request'
import { CURRENT } from '../support/secrets'
import { EXPIRY, LEASE, leasing, linkOf } from './guarding'

const GET = { method: 'GET' }
const OVER = LEASE * 1_000
const USED = '401 token_replayed'
const IN_PROGRESS = '409 nonce_in_progress'

afterEach(() => void jest.restoreAllMocks())

describe('a leased credential', () => {
  it.each([100, 200, 204, 302, 304, 399])('is used up by a response of %i', async (status) => {
    const { reserve, ask, asked } = leasing()
    await (await reserve()).settle(status)
    expect([await ask(), await ask(GET)]).toEqual([USED, USED])
    expect(asked()).toEqual(['reserve', 'commit', 'reserve', 'look'])
  })

  it.each([400, 401, 409, 500, 503])('is free again after a response of %i', async (status) => {
    const { reserve, ask, asked } = leasing()
    await (await reserve()).settle(status)
    expect([await ask(GET), await ask()]).toEqual(['200', '200'])
    expect(asked()).toEqual(['reserve', 'release', 'look', 'reserve'])
  })

  it.each([
    [200, 500, USED],
    [500, 200, '200'],
  ])('is settled by the first of two responses: %i, then %i', async (first, second, then) => {
    const { reserve, ask, calls } = leasing()
    const reservation = await reserve()
    await Promise.all([reservation.settle(first), reservation.settle(second)])
    await reservation.settle(second)
    expect(await ask()).toBe(then)
    expect(calls).toHaveLength(3)
  })

  it('keeps other requests out until its lease ends', async () => {
    const { ask, pass } = leasing()
    expect(await ask()).toBe('200')
    expect([await ask(), await ask(GET)]).toEqual([IN_PROGRESS, IN_PROGRESS])
    pass(OVER - 1)
    expect(await ask()).toBe(IN_PROGRESS)
    pass(1)
    expect([await ask(GET), await ask()]).toEqual(['200', '200'])
  })

  it('is used up by a success after its lease, if no other request has it', async () => {
    const { reserve, ask, pass } = leasing()
    const reservation = await reserve()
    pass(OVER)
    await reservation.settle(200)
    expect(await ask()).toBe(USED)
  })

  it('stays with the request that took it after the lease ended', async () => {
    const warnings = catchWarnings()
    for (const late of [200, 500]) {
      const { reserve, ask, pass } = leasing()
      const first = await reserve()
      pass(OVER)
      const second = await reserve()
      await first.settle(late)
      expect(await ask()).toBe(IN_PROGRESS)
      await second.settle(500)
      expect(await ask()).toBe('200')
    }
    expect(warnings.codes()).toEqual(['COUNTERSIGN_LEASE_TOO_SHORT']) // of the success
    expect(warnings.texts().join()).toContain('30 s')
  })

  it('ends with its lease where the store cannot record the failure', async () => {
    const { reserve, ask, pass, fail, heal } = leasing()
    const reservation = await reserve()
    fail()
    await reservation.settle(500)
    heal()
    expect(await ask()).toBe(IN_PROGRESS)
    pass(OVER)
    expect(await ask()).toBe('200')
  })

  it('is reserved in milliseconds by an owner of its own, and used for longer than it can be accepted', async () => {
    const { calls, reserve } = leasing({ consume: { lease: 0.1 }, clockTolerance: 300 })
    await (await reserve()).settle(200)
    await (await reserve({ query: linkOf('n2') })).settle(200)
    const owner = expect.stringMatching(/^[\w-]{16}-[\da-z]+$/)
    const reserved = { owner, duration: 100 }
    const committed = { owner, expiresAt: EXPIRY + 300_000 + 60_000 }
    const details = calls.map(([, , detail]) => detail as { owner: string })
    expect(details).toEqual([reserved, committed, reserved, committed])
    const [first, second, third, fourth] = details.map((detail) => detail.owner)
    expect([first === second, second === third, third === fourth]).toEqual([true, false, true])
  })

  it('has a reservation only where a request takes it', async () => {
    expect(accepted(await leasing().verify(GET)).reservation).toBeUndefined()
    const request = { method: 'POST', query: `token=${forgeLink()}` }
    const link = verify(featkit({ secret: CURRENT }), request, { consume: { lease: LEASE } })
    expect(accepted(await link).reservation).toBeUndefined()
  })
})

describe('`consume()` on a leased credential', () => {
  it('makes the use final, whatever the response is', async () => {
    const { verify, ask, asked } = leasing()
    const { auth, reservation } = accepted(await verify())
    await auth.consume()
    expect(await ask()).toBe(USED)
    await reservation?.settle(500)
    await auth.consume()
    expect(await ask()).toBe(USED)
    expect(asked()).toEqual(['reserve', 'commit', 'reserve', 'commit', 'reserve'])
  })

  it('wins over a failure at the same time', async () => {
    const { verify, ask } = leasing()
    const { auth, reservation } = accepted(await verify())
    await Promise.all([auth.consume(), reservation?.settle(500)])
    expect(await ask()).toBe(USED)
  })

  it('uses a credential up that the request only checked', async () => {
    const { verify, ask } = leasing()
    const { auth } = accepted(await verify(GET))
    await auth.consume()
    await auth.consume()
    expect([await ask(), await ask(GET)]).toEqual([USED, USED])
  })

  it('works after the lease', async () => {
    const { verify, ask, pass } = leasing()
    const { auth } = accepted(await verify())
    pass(OVER)
    await auth.consume()
    expect(await ask()).toBe(USED)
  })

  it('rejects after the lease where another request has the credential', async () => {
    const { verify, reserve, ask, pass } = leasing()
    const { auth } = accepted(await verify())
    pass(OVER)
    const other = await reserve()
    await expect(auth.consume()).rejects.toMatchObject({ code: 'token_replayed' })
    await other.settle(500)
    expect(await ask()).toBe('200')
  })

  it('rejects where the store is down, and the response decides', async () => {
    const { verify, ask, fail, heal } = leasing()
    const { auth, reservation } = accepted(await verify())
    fail()
    await expect(auth.consume()).rejects.toMatchObject({ code: 'store_unavailable', status: 503 })
    heal()
    await reservation?.settle(503)
    expect(await ask()).toBe('200')
  })
})
