import { memoryReplayStore, type ReplayStore } from '@countersign/core'
import { replayStoreCases, type ReplayStoreCaseOptions } from '@countersign/testing'
import {
  altered,
  brokenLeases,
  brokenStores,
  lie,
  memory,
  newClock,
  type BrokenStores,
} from './broken'

const plain = (): ReplayStore => altered(() => ({}))(newClock())
const namesOf = (options: ReplayStoreCaseOptions = {}) =>
  replayStoreCases(plain, options).map(({ name }) => name)

async function failing(open: () => ReplayStore, options: ReplayStoreCaseOptions) {
  const failed: string[] = []
  for (const { name, run } of replayStoreCases(open, { ...newClock(), ...options })) {
    await run().catch(() => failed.push(name))
  }
  return failed
}

describe('the memory store passes', () => {
  it('with the real clock', async () => {
    const cases = replayStoreCases(() => memoryReplayStore(), { leases: true })
    expect(cases.length).toBeGreaterThan(40)
    await Promise.all(cases.map(({ run }) => run()))
  })

  it('as one store for all cases, with a clock and a second handle', async () => {
    const clock = newClock()
    const store = memory(clock)
    expect(await failing(() => store, { ...clock, leases: true, peer: () => store })).toEqual([])
  })

  it('where it is too small for all keys, and refuses some', async () => {
    const { now, uptime, advance } = newClock()
    const small = () => memoryReplayStore({ maxEntries: 100, now, uptime })
    expect(await failing(small, { leases: true, now, advance })).toEqual([])
  })
})

describe.each<[string, BrokenStores, boolean]>([
  ['a store that', brokenStores, false],
  ['a store with leases that', brokenLeases, true],
])('%s', (_, stores, leases) => {
  it.each(Object.entries(stores))('%s is caught', async (_name, [caughtBy, open]) => {
    const clock = newClock()
    const cases = replayStoreCases(() => open(clock), { leases, ...clock })
    const finding = expect.objectContaining({ means: expect.any(String), fix: expect.any(String) })
    const found = cases.find(({ name }) => name === caughtBy)
    await expect(found?.run()).rejects.toMatchObject({ finding })
  })

  it('every case catches one of them', () => {
    const caught = Object.values(stores).map(([name]) => name)
    const all = namesOf({ leases }).filter((name) => !leases || !namesOf().includes(name))
    expect(all.filter((name) => !caught.includes(name))).toEqual([])
  })
})

describe('a store', () => {
  it('of its own process fails the case of other handles', async () => {
    expect(await failing(plain, { peer: plain })).toEqual([
      'shares its keys with its other handles',
    ])
  })

  it('has its leases tested, or fails; without leases it fails all their cases', async () => {
    const untested = await failing(() => memoryReplayStore(), {})
    expect(untested).toEqual(['says whether it is durable, and is tested with all that it has'])
    const rest = namesOf({ leases: true }).filter((name) => !namesOf().includes(name))
    expect(await failing(plain, { leases: true })).toEqual(rest)
  })
})

describe('a case that fails', () => {
  const messageOf = async (claim: ReplayStore['claim'], index: number) => {
    const cases = replayStoreCases(() => ({ ...plain(), claim }))
    return cases[index]?.run().then(
      () => 'nothing failed',
      (error: Error) => error.message,
    )
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
    expect(await messageOf(() => true, 2)).toMatch(/64 of 64 callers at once were the first/)
  })

  it('quotes the error of a store, and names an answer of another type', async () => {
    const down = () => Promise.reject(new Error('down'))
    expect(await messageOf(down, 1)).toMatch(/the error "down"; expected true/)
    expect(await messageOf(() => lie('OK'), 1)).toMatch(
      /"OK"; expected true; a guard accepts only true/,
    )
  })
})
