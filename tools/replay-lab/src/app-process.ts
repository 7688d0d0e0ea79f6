import { PATIENT, startApp, watchUnhandled, type AppReport } from './app'
import type { AppPlan, Told } from './processes'
import { openStore } from './stores'

// An application with a process of its own. Its plan is the first argument; it ends with its parent.

const unhandled = watchUnhandled()
const plan = JSON.parse(process.argv[2] ?? '') as AppPlan // as processes.ts wrote it
const realNow = Date.now
let offset = plan.clockOffset ?? 0
Date.now = () => realNow() + offset

async function run(): Promise<void> {
  const { store: replayStore } = await openStore(plan.store)
  const { consume, hangs } = plan
  const work = hangs ? () => new Promise<void>(() => undefined) : undefined // until it is killed
  const app = await startApp({ replayStore, consume, work, storeDeadline: PATIENT })
  process.on('message', ({ clockOffset = offset }: Told) => {
    offset = clockOffset
    void app.report().then((report) => {
      const message: AppReport = { ...report, unhandled: unhandled.count() }
      process.send?.(message)
    })
  })
  process.send?.(app.port)
}

process.on('disconnect', () => process.exit())
void run()
