import { memoryReplayStore, type ReplayStore } from '@countersign/core'
import { replayStoreCases, type ReplayStoreCaseOptions } from '@countersign/testing'
import { brokenLeaseEnds } from './broken-lease-ends'
import { brokenLeases } from './broken-leases'
import { brokenStores } from './broken-stores'
import { altered, lie, newClock, type Broken } from './clocked'
import { forgetfulStores } from './forgetful-stores'

describe('the memory store', () => {
  const cases = replayStoreCases(() => memoryReplayStore(), { leases: true })
  it.each([...cases])('$name', async ({ run }) => {
    await expect(run()).resolves.toBeUndefined()
  })
})

describe('one memory store for all cases, with its clock in hand and a second handle', () => {
  const clock = newClock()
  const store = memoryReplayStore(clock)
  const cases = replayStoreCases(() => store, { ...clock, leases: true, peer: () => store })
  it.each([...cases])('$name', async ({ run }) => {
    await expect(run()).resolves.toBeUndefined()
  })
})

const broken = Object.entries({ ...brokenStores, ...forgetfulStores })
const brokenLeased = Object.entries({ ...brokenLeases, ...brokenLeaseEnds })

describe('a store that', () => {
  it.each(broken)('%s is caught', async (_, [caught, open]) => {
    await expectCaught(caught, open, {})
  })

  it.each(brokenLeased)('%s is caught, with its leases', async (_, [caught, open]) => {
    await expectCaught(caught, open, { leases: true })
  })

  it('knows only its own process fails the case of the other handles', async () => {
    const peer = (): ReplayStore => plain()
    expect(await failing(plain, { peer })).toEqual(['shares what it knows with its other handles'])
  })

  it('has leases that nobody tests fails the case of what it is', async () => {
    expect(await failing(() => memoryReplayStore(), {})).toEqual(['says plainly what it is'])
  })

  it('has no leases where they are asked for fails each of their cases', async () => {
    const basic = replayStoreCases(plain).map(({ name }) => name)
    const all = replayStoreCases(plain, { leases: true }).map(({ name }) => name)
    const rest = all.filter((name) => !basic.includes(name))
    expect(await failing(plain, { leases: true })).toEqual(rest)
    expect(rest.length).toBeGreaterThan(20)
  })
})

describe('every case', () => {
  it('has a name of its own', () => {
    const all = replayStoreCases(plain, { leases: true, peer: plain }).map(({ name }) => name)
    expect(new Set(all).size).toBe(all.length)
  })

  it('is failed by one of the broken stores', () => {
    const caught = [...broken, ...brokenLeased].map(([, [name]]) => name)
    const all = replayStoreCases(plain, { leases: true }).map(({ name }) => name)
    expect(all.filter((name) => !caught.includes(name))).toEqual([])
  })
})

describe('a case that fails', () => {
  const first = 'says true to the first claim of a key and false to all later ones'

  it('says what was asked, what came back, what that means and what to do', async () => {
    const open = (): ReplayStore => ({ ...plain(), claim: async () => true })
    await expect(runOf(open, 'has one winner among 64 who claim a key at once')).rejects.toThrow(
      [
        'callers were both told they were first: the link can be used twice',
        '',
        '  sent      `claim` for one new key, 64 times at once',
        '  received  64 of 64 were told that they were first',
        '  means     between looking and taking, others look too: who is quick uses the credential more than once',
        '  fix       decide in one atomic step, as SET … NX or INSERT … ON CONFLICT DO NOTHING do, and answer true to its winner only',
        '',
      ].join('\n'),
    )
  })

  it('tells what a failing store said', async () => {
    const down = (): ReplayStore => ({ ...plain(), claim: () => Promise.reject(new Error('down')) })
    await expect(runOf(down, first)).rejects.toThrow(
      '`claim` answered the failure "down", where true is due',
    )
  })

  it('tells what an answer of another kind means', async () => {
    const talks = (): ReplayStore => ({ ...plain(), claim: async () => lie<boolean>('OK') })
    await expect(runOf(talks, first)).rejects.toThrow(/"OK", where true is due[^]*503/)
  })
})

async function expectCaught(
  caught: string,
  open: Broken[1],
  options: ReplayStoreCaseOptions,
): Promise<void> {
  const clock = newClock()
  const cases = replayStoreCases(() => open(clock), { ...options, ...clock })
  const { run } = cases.find(({ name }) => name === caught)!
  const sentences = { sent: /./, received: /./, means: /./, fix: /./ }
  const finding = Object.fromEntries(
    Object.entries(sentences).map(([part, text]) => [part, expect.stringMatching(text)]),
  )
  await expect(run()).rejects.toMatchObject({ finding })
}

function plain(): ReplayStore {
  return altered(newClock(), () => ({}))
}

async function failing(
  open: () => ReplayStore,
  options: ReplayStoreCaseOptions,
): Promise<readonly string[]> {
  const clock = newClock()
  const failed: string[] = []
  for (const { name, run } of replayStoreCases(open, { ...clock, ...options })) {
    await run().catch(() => failed.push(name))
  }
  return failed
}

function runOf(open: () => ReplayStore, caught: string): Promise<void> {
  return replayStoreCases(open)
    .find(({ name }) => name === caught)!
    .run()
}
