import { memoryReplayStore, type ReplayStore } from '@countersign/core'
import { replayStoreCases, type ReplayStoreCaseOptions } from '@countersign/testing'
import { broken } from './broken'
import { newClock, referenceStore, type Clock } from './reference'

function plain(): ReplayStore {
  const { leases: _, ...store } = referenceStore(newClock())
  return store
}
const namesOf = (options: ReplayStoreCaseOptions) =>
  replayStoreCases(plain, options).map(({ name }) => name)
const DESCRIPTION = 'says whether it is durable, and is tested with all that it has'

/** A clock, as the cases take it. */
function clockOf({ now, advance } = newClock()) {
  return { now, advance }
}

async function failing(open: () => ReplayStore, options: ReplayStoreCaseOptions) {
  const failed: string[] = []
  for (const { name, run } of replayStoreCases(open, { ...clockOf(), ...options })) {
    await run().catch(() => failed.push(name))
  }
  return failed
}

describe('the cases pass', () => {
  it('on the memory store, with the real clock', async () => {
    const cases = replayStoreCases(() => memoryReplayStore(), { leases: true })
    expect(cases.length).toBeGreaterThan(30)
    await Promise.all(cases.map(({ run }) => run()))
  })

  it.each([
    ['the memory store', ({ now, uptime }: Clock) => memoryReplayStore({ now, uptime })],
    ['the reference', referenceStore],
  ])('on %s as one store for all cases, with a clock and a second handle', async (_, make) => {
    const clock = newClock()
    const store = make(clock)
    expect(
      await failing(() => store, { ...clockOf(clock), leases: true, peer: () => store }),
    ).toEqual([])
  })

  it('on a store that is too small for all keys, and refuses some', async () => {
    const { now, uptime, advance } = newClock()
    const small = () => memoryReplayStore({ maxEntries: 100, now, uptime })
    expect(await failing(small, { leases: true, now, advance })).toEqual([])
  })
})

describe('a store is caught that', () => {
  it.each([...broken])('$name', async ({ caughtBy, open }) => {
    const clock = newClock()
    const store = open(clock)
    const cases = replayStoreCases(() => store, { leases: true, ...clockOf(clock) })
    const finding = expect.objectContaining({ means: expect.any(String), fix: expect.any(String) })
    for (const each of caughtBy) {
      const found = cases.find(({ name }) => name === each)
      await expect(found?.run()).rejects.toMatchObject({ finding })
    }
  })

  it('every case catches one of them', () => {
    const caught = broken.flatMap(({ caughtBy }) => caughtBy)
    expect(namesOf({ leases: true }).filter((name) => !caught.includes(name))).toEqual([])
  })

  it('shares no keys with its other handles', async () => {
    expect(await failing(plain, { peer: plain })).toEqual([
      'shares its keys with its other handles',
    ])
  })

  it('has leases that are not tested, or none that should be', async () => {
    expect(await failing(() => memoryReplayStore(), {})).toEqual([DESCRIPTION])
    const ofLeases = namesOf({ leases: true }).filter((name) => !namesOf({}).includes(name))
    const failed = await failing(plain, { leases: true })
    const among = 'has one winner among 64 who claim or reserve a key at the same time' // a claim wins
    expect(failed).toEqual([DESCRIPTION, ...ofLeases.filter((name) => name !== among)])
  })
})

describe('a case that fails', () => {
  const messageOf = async (claim: () => unknown, index: number) => {
    const cases = replayStoreCases(() => ({ ...plain(), claim }) as ReplayStore) // or what a store must not do
    return cases[index]?.run().catch((error: Error) => error.message)
  }

  it('says what was asked and answered, what that means and what to change', async () => {
    expect(await messageOf(async () => true, 1)).toBe(
      [
        'A broken promise: a credential can be used twice, or not at all',
        '',
        '  sent      `claim`, after `claim` → true',
        '  received  true; expected false',
        '  means     a credential can be used twice, or not at all',
        '  fix       decide in one atomic step, as SET … NX or INSERT … ON CONFLICT DO NOTHING do, and answer true to the first caller only: `reply === "OK"`, `rowCount === 1`',
        '',
      ].join('\n'),
    )
    expect(await messageOf(() => true, 2)).toMatch(
      /64 of 64 callers at the same time were the first/,
    )
  })

  it('is told once for each cause', async () => {
    const texts: string[] = []
    const forgetful = () => ({ ...plain(), has: () => false })
    for (const { run } of replayStoreCases(forgetful, clockOf()))
      await run().catch(({ message }: Error) => texts.push(message))
    const full = texts
      .filter((text) => !text.startsWith('follows from: '))
      .map((it) => it.split('\n', 1)[0])
    expect(new Set(full).size).toBe(full.length)
    expect(texts.length - full.length).toBeGreaterThan(4)
  })

  it('is one for a store that does not answer, which is asked no more', async () => {
    jest.useFakeTimers()
    const never = jest.fn((): Promise<never> => new Promise(() => undefined))
    const texts: string[] = []
    for (const { run } of replayStoreCases(() => ({ ...plain(), has: never, claim: never }))) {
      const running = run().catch(({ message }: Error) => texts.push(message.split('\n', 1)[0]!))
      await jest.advanceTimersByTimeAsync(10_000)
      await running
    }
    jest.useRealTimers()
    const [first, ...others] = texts
    expect(first).toBe('A broken promise: the store does not answer')
    expect(new Set(others)).toEqual(new Set(['follows from: the store does not answer']))
    expect(never).toHaveBeenCalledTimes(1)
  })

  it('quotes the error of a store, and names an answer of another type', async () => {
    const down = () => Promise.reject(new Error('down'))
    expect(await messageOf(down, 1)).toMatch(/the error "down"; expected true/)
    expect(await messageOf(down, 2)).toMatch(/the error "down"; expected an answer to each of 64/)
    expect(await messageOf(() => 'OK', 1)).toMatch(/"OK", which no guard accepts; expected true/)
  })
})
