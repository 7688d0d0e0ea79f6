import { memoryStore, type Timed } from './support/memory'
import { NOW } from './support/request'

const MINUTE = 60_000
const LIFE = 2 * MINUTE
/** What a guard asks for: longer than the credential by its tolerance and a margin. */
const KEPT = LIFE + 30_000 + MINUTE

/** Uses a credential up, as a guard does: at once, or through a lease. */
const USES: Readonly<Record<string, (timed: Timed) => Promise<unknown>>> = {
  claimed: ({ store }) => store.claim('k', NOW + KEPT),
  'leased and committed': async ({ leases }) => {
    await leases.reserve('k', { owner: 'me', duration: 30_000 })
    return leases.commit('k', { owner: 'me', expiresAt: NOW + KEPT })
  },
}

/** Somebody else keeps the store busy: what is over long enough is swept away. */
async function traffic({ store, now }: Timed): Promise<void> {
  for (let key = 0; key < 12; key++) await store.claim(`${now()}-${key}`, now() + MINUTE)
}

/** Whether the used credential could be used now: it has not expired, and the store calls it free. */
async function isAlive({ store, leases, now }: Timed): Promise<boolean> {
  const isFree = !(await store.has('k')) || (await leases.look('k')) !== 'used'
  return now() < NOW + LIFE && isFree
}

/** By how many minutes somebody sets the clock, and how many minutes after the use. */
const JUMPS: readonly (readonly [jump: number, point: number])[] = [
  ...[-1, 0, 0.5, 1, 2, 3, 3.5, 4, 5, 6, 6.5, 7].map((point) => [-5, point] as const),
  ...[0.5, 1, 2, 3, 3.5, 4, 5, 6, 6.5, 7].map((point) => [5, point] as const), // earlier, it has ended at once
]

describe.each(Object.keys(USES))('a %s credential', (how) => {
  it.each(JUMPS)(
    'stays used, the clock set by %i minutes %d minutes after',
    async (jump, point) => {
      const timed = memoryStore(10_000)
      if (point < 0) timed.set(jump * MINUTE)
      await USES[how]?.(timed)
      let seen = 0
      for (let minute = 0; minute <= 20; minute += 0.5) {
        if (minute === point) timed.set(jump * MINUTE)
        expect(await isAlive(timed)).toBe(false)
        if (timed.now() < NOW + LIFE) seen++
        await traffic(timed)
        timed.pass(MINUTE / 2)
      }
      expect(seen).toBeGreaterThan(0) // it was looked at while it counted
    },
  )

  it('stays used when the clock is set forth and back, again and again', async () => {
    const timed = memoryStore(10_000)
    await USES[how]?.(timed)
    for (let minute = 0; minute < 6; minute++) {
      for (const jump of [5, -5, -5, 5]) {
        timed.set(jump * MINUTE)
        expect(await isAlive(timed)).toBe(false)
        await traffic(timed)
        expect(await isAlive(timed)).toBe(false)
      }
      timed.pass(MINUTE)
    }
  })

  it('is kept for a minute at least when the clock had been set far ahead', async () => {
    const timed = memoryStore()
    timed.set(365 * 24 * 60 * MINUTE)
    await USES[how]?.(timed)
    timed.pass(MINUTE - 1)
    expect(await timed.store.has('k')).toBe(true)
    timed.pass(1)
    expect(await timed.store.has('k')).toBe(false)
  })

  it('is free again after its end, by both clocks', async () => {
    const timed = memoryStore()
    await USES[how]?.(timed)
    timed.pass(KEPT - 1)
    expect(await timed.leases.look('k')).toBe('used')
    timed.set(5 * MINUTE) // one clock says it is over, the other does not
    expect(await timed.leases.look('k')).toBe('used')
    timed.pass(1)
    expect(await timed.leases.look('k')).toBe('free')
  })
})

describe('a lease', () => {
  it.each([-5, 5])('ends when it should, the clock set by %i minutes or not', async (jump) => {
    const timed = memoryStore()
    await timed.leases.reserve('k', { owner: 'me', duration: 30_000 })
    timed.set(jump * MINUTE)
    timed.pass(29_999)
    expect(await timed.leases.look('k')).toBe('leased')
    timed.pass(1)
    expect(await timed.leases.look('k')).toBe('free')
  })
})
