import { leasing, LEASE } from './support/leasing'
import { accepted } from './support/request'
import { catchWarnings } from './support/process'

afterEach(() => {
  jest.restoreAllMocks()
})

describe('a reserved credential', () => {
  it.each([100, 200, 204, 302, 304, 399])('is used up by an answer of %i', async (status) => {
    const { reserve, ask, calls } = leasing()
    await (await reserve()).settle(status)
    expect(await ask()).toBe('401 token_replayed')
    expect(calls).toEqual(['reserve', 'commit', 'reserve'])
  })

  it.each([400, 401, 404, 409, 422, 500, 503])('is given back by a %i', async (status) => {
    const { reserve, ask, calls } = leasing()
    await (await reserve()).settle(status)
    expect(await ask()).toBe('200')
    expect(calls).toEqual(['reserve', 'release', 'reserve'])
  })

  it.each([
    [200, 500, '401 token_replayed'],
    [500, 200, '200'],
  ])('is settled by the first status: %i, not %i', async (first, second, then) => {
    const { reserve, ask, calls } = leasing()
    const reservation = await reserve()
    const settlings = [reservation.settle(first), reservation.settle(second)]
    await Promise.all(settlings)
    await reservation.settle(second)
    expect(await ask()).toBe(then)
    expect(calls).toHaveLength(3) // it was settled once
  })

  it('keeps others out while it is in use, and nobody once its lease is over', async () => {
    const { reserve, ask, pass } = leasing()
    await reserve()
    expect(await ask()).toBe('409 nonce_in_progress')
    pass(LEASE * 1_000 - 1)
    expect(await ask()).toBe('409 nonce_in_progress')
    pass(1)
    expect(await ask()).toBe('200')
  })

  it('tells those who come meanwhile to try again in a second', async () => {
    const { reserve, verify } = leasing()
    await reserve()
    expect(await verify()).toMatchObject({
      ok: false,
      error: { code: 'nonce_in_progress', status: 409, headers: { 'retry-after': '1' } },
    })
  })

  it('is used up though its lease ran out, unless somebody else has taken it', async () => {
    const { reserve, ask, pass } = leasing()
    const reservation = await reserve()
    pass(LEASE * 1_000)
    await reservation.settle(200)
    expect(await ask()).toBe('401 token_replayed')
  })

  it('does not take from somebody else what a late failure would give back', async () => {
    const { reserve, ask, pass } = leasing()
    const late = await reserve()
    pass(LEASE * 1_000)
    const other = await reserve()
    await late.settle(500)
    expect(await ask()).toBe('409 nonce_in_progress')
    await other.settle(200)
    expect(await ask()).toBe('401 token_replayed')
  })

  it('warns where a handler outlived its lease and somebody else took it meanwhile', async () => {
    const warnings = catchWarnings()
    const { reserve, ask, pass } = leasing()
    const late = await reserve()
    pass(LEASE * 1_000)
    const other = await reserve()
    await late.settle(200)
    expect(warnings.codes()).toEqual(['COUNTERSIGN_LEASE_TOO_SHORT'])
    expect(warnings.texts().join()).toContain('30 s')
    await other.settle(500) // it gives back what is its own, and nothing is kept from the next
    expect(await ask()).toBe('200')
  })

  it('ends with its lease where the store cannot be told that it is free', async () => {
    const { reserve, ask, pass, fail, heal } = leasing()
    const reservation = await reserve()
    fail()
    await reservation.settle(500)
    heal()
    expect(await ask()).toBe('409 nonce_in_progress')
    pass(LEASE * 1_000)
    expect(await ask()).toBe('200')
  })
})

describe('`consume()` on a reserved credential', () => {
  it('makes the use final at once, whatever the answer will be', async () => {
    const { verify, ask, calls } = leasing()
    const { auth, reservation } = accepted(await verify())
    await auth.consume()
    expect(await ask()).toBe('401 token_replayed')
    await reservation?.settle(500)
    expect(await ask()).toBe('401 token_replayed')
    expect(calls).toEqual(['reserve', 'commit', 'reserve', 'reserve'])
  })

  it('may be called as often as one likes, also after a success', async () => {
    const { verify, ask } = leasing()
    const { auth, reservation } = accepted(await verify())
    await Promise.all([auth.consume(), auth.consume()])
    await reservation?.settle(200)
    await expect(auth.consume()).resolves.toBeUndefined()
    expect(await ask()).toBe('401 token_replayed')
  })

  it('wins over a failure that is answered before the store has heard of either', async () => {
    const { verify, ask } = leasing()
    const { auth, reservation } = accepted(await verify())
    await Promise.all([auth.consume(), reservation?.settle(500)])
    expect(await ask()).toBe('401 token_replayed')
  })

  it('works though the lease ran out, unless somebody else has the credential', async () => {
    const { verify, ask, pass } = leasing()
    const free = accepted(await verify()).auth
    pass(LEASE * 1_000)
    await free.consume()
    expect(await ask()).toBe('401 token_replayed')

    const taken = leasing()
    const { auth, reservation } = accepted(await taken.verify())
    taken.pass(LEASE * 1_000)
    const other = await taken.reserve()
    await expect(auth.consume()).rejects.toMatchObject({ code: 'token_replayed', status: 401 })
    await reservation?.settle(401)
    expect(await taken.ask()).toBe('409 nonce_in_progress')
    await other.settle(500)
    expect(await taken.ask()).toBe('200')
  })

  it('says so where the store is down, and leaves the answer to decide', async () => {
    const { verify, ask, fail, heal } = leasing()
    const { auth, reservation } = accepted(await verify())
    fail()
    await expect(auth.consume()).rejects.toMatchObject({ code: 'store_unavailable', status: 503 })
    heal()
    await reservation?.settle(503)
    expect(await ask()).toBe('200')
  })
})
