import { memoryReplayStore, type Awaitable, type ReplayStore } from '@countersign/core'
import { startApp } from '../app'
import type { Fault } from '../outcome'
import { runTrial } from '../trial'

/** What a store of one's own may answer instead of true or false, to anything. */
const NONSENSE: readonly { readonly id: string; answer(): unknown }[] = [
  { id: 'undefined', answer: async () => undefined },
  { id: 'null', answer: async () => null },
  { id: 'the number 1', answer: async () => 1 },
  { id: 'the text "true"', answer: async () => 'true' },
  { id: 'the text "OK"', answer: async () => 'OK' },
  { id: 'an object', answer: async () => ({ ok: true }) },
  { id: 'an empty list', answer: async () => [] },
  { id: 'a rejection without a reason', answer: () => Promise.reject(undefined as never) },
  {
    id: 'an error that is thrown',
    answer: () => {
      throw new Error('broken')
    },
  },
  { id: 'nothing, ever', answer: () => new Promise(() => undefined) },
  { id: 'true, too late', answer: () => late(true) },
  { id: 'free, too late', answer: () => late('free') },
  { id: 'a rejection, too late', answer: () => late(Promise.reject(new Error('late'))) },
]

async function late(answer: unknown): Promise<unknown> {
  if (answer instanceof Promise) answer.catch(() => undefined) // it is thrown below
  await new Promise((resolve) => setTimeout(resolve, 400))
  return answer
}

/** Each kind of nonsense, for links that burn and for links on lease. */
export const customFaults: readonly Fault[] = (['burn', 'lease'] as const).flatMap((mode) =>
  NONSENSE.map(({ id, answer }) => ({
    id: `custom-${id.replaceAll(/\W+/g, '-')}-${mode}`,
    name: `a store that answers ${id} (${mode})`,
    group: "a store of one's own that answers with nonsense, too late or never",
    store: 'custom',
    expected: { store_unavailable: 15 },
    async run() {
      const { store, spoil } = spoiled(answer)
      const consume = mode === 'lease' ? { lease: 1 } : undefined
      return runTrial([await startApp({ store, consume })], async (trial) => {
        const used = await trial.used(5)
        spoil(true)
        await trial.during([...used, ...(await trial.fresh(10))])
        spoil(false)
      })
    },
  })),
)

/** A good store that can be spoilt. */
function spoiled(answer: () => unknown): {
  readonly store: ReplayStore
  spoil(isSpoilt: boolean): void
} {
  const memory = memoryReplayStore()
  const leases = memory.leases!
  let isSpoilt = false
  const or =
    <Values extends unknown[], Value>(work: (...values: Values) => Awaitable<Value>) =>
    (...values: Values): Awaitable<Value> =>
      isSpoilt ? (answer() as Value) : work(...values) // whatever it is
  return {
    store: {
      durable: false,
      claim: or(memory.claim),
      has: or(memory.has),
      leases: {
        reserve: or(leases.reserve),
        commit: or(leases.commit),
        release: or(leases.release),
        look: or(leases.look),
      },
    },
    spoil: (value) => void (isSpoilt = value),
  }
}
