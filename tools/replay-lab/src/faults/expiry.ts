import { memoryReplayStore, type ReplayStore } from '@countersign/core'
import { PATIENT, startApp } from '../app'
import { forgeLink, type Link } from '../links'
import { idOf, type Fault } from '../outcome'
import { SHARED } from './shared-store'
import { openStore } from '../stores'
import { PATIENT_LIMIT, runTrial } from '../trial'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

/** What the end of a link can be like, and how long after its use it is tried again. */
interface Ending {
  readonly id: string
  readonly name: string
  /** When it ends, by the right clock; `null` for never. */
  expiresAt(now: number): number | null
  /** How far the guard's clock is behind the store's, in milliseconds. @default 0 */
  readonly behind?: number
  /** How much later the second try is, in milliseconds. @default 0 */
  readonly later?: number
  /** In seconds. */
  readonly nonceRetention?: number
}

const ENDINGS: readonly Ending[] = [
  {
    id: 'past',
    name: "expiry in the store's past: the guard's clock is 20 min behind",
    expiresAt: (now) => now - 10 * MINUTE,
    behind: 20 * MINUTE,
  },
  { id: 'fraction', name: 'expiry with a fraction', expiresAt: (now) => now + MINUTE + 0.5 },
  {
    id: 'timer',
    name: 'expiry beyond 24.8 days, tried again after 30',
    expiresAt: (now) => now + 40 * DAY,
    later: 30 * DAY,
  },
  {
    id: 'huge',
    name: 'no expiry, remembered for 100 years, tried again after 99',
    expiresAt: () => null,
    later: 99 * 365 * DAY,
    nonceRetention: 100 * 31_622_400,
  },
]

/** A store, and how to make it older. */
interface Aging {
  readonly store: ReplayStore
  age(milliseconds: number): Promise<void>
  close(): Promise<void>
}

const STORES: readonly { readonly name: string; open(): Promise<Aging> }[] = [
  { name: 'memory', open: agingMemory },
  ...SHARED.map(({ name, open }) => ({
    name,
    async open() {
      const shared = await open()
      const { store, close } = await openStore(shared.plan)
      const stop = async (): Promise<void> => {
        await close()
        await shared.stop()
      }
      return { store, age: shared.age, close: stop }
    },
  })),
]

/** Its clocks are what we say. */
async function agingMemory(): Promise<Aging> {
  let passed = 0
  const store = memoryReplayStore({
    now: () => Date.now() + passed,
    uptime: () => performance.now() + passed,
  })
  const age = async (milliseconds: number): Promise<void> => void (passed += milliseconds)
  return { store, age, close: async () => undefined }
}

export const expiryFaults: readonly Fault[] = STORES.flatMap(({ name: store, open }) =>
  ENDINGS.map((ending) => ({
    id: `expiry-${ending.id}-${idOf(store)}`,
    name: ending.name,
    store,
    expected: { accepted: 10, token_replayed: 20 },
    run: () => useUp(open, ending),
  })),
)

async function useUp(
  open: () => Promise<Aging>,
  { expiresAt, behind = 0, later = 0, nonceRetention }: Ending,
): ReturnType<Fault['run']> {
  const { store, age, close } = await open()
  const clock = { ahead: -behind }
  try {
    const now = (): number => Date.now() + clock.ahead
    const app = await startApp({ store, nonceRetention, now, storeDeadline: PATIENT })
    return await runTrial(
      [app],
      async (trial) => {
        const links = linksUntil(expiresAt(Date.now()))
        await trial.during(links)
        await trial.during(links)
        await age(later)
        clock.ahead += later
        await trial.during(links)
        clock.ahead = 0
      },
      PATIENT_LIMIT,
    )
  } finally {
    await close()
  }
}

function linksUntil(exp: number | null): readonly Link[] {
  return Array.from({ length: 10 }, (_, index) => {
    const nonce = `ending-${index}`
    return forgeLink(JSON.stringify(exp === null ? { nonce } : { nonce, exp }), nonce)
  })
}
