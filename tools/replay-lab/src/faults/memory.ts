import { memoryReplayStore } from '@countersign/core'
import { startApp } from '../app'
import type { Fault } from '../outcome'
import { runTrial } from '../trial'

const ROOM = 100
/** Seconds that the links live, and milliseconds by which the entries have ended too. */
const LIFE = 60
const LATER = 300_000

export const memoryFaults: readonly Fault[] = [
  {
    id: 'memory-full',
    name: `full: ${ROOM} entries are live, none makes room`,
    store: 'memory',
    expected: { store_unavailable: 20, token_replayed: ROOM },
    async run() {
      const clock = { passed: 0 }
      const now = (): number => Date.now() + clock.passed
      const store = memoryReplayStore({
        maxEntries: ROOM,
        now,
        uptime: () => performance.now() + clock.passed,
      })
      return runTrial([await startApp({ store, now })], async (trial) => {
        const used = await trial.used(ROOM, LIFE)
        await trial.during([...(await trial.fresh(20)), ...used])
        clock.passed = LATER
      })
    },
  },
]
