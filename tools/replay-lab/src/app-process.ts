import { startApp, type App } from './app'
import type { AppPlan, FromApp, ToApp } from './fleet'
import { openStore } from './stores'
import { watchUnhandled } from './unhandled'

// An application with a process of its own: `fork`ed, told its plan, gone with who started it.

const unhandled = watchUnhandled()
const clock = { offset: 0 }
const realNow = Date.now
Date.now = () => realNow() + clock.offset

const tell = (message: FromApp): void => void process.send?.(message)

async function start(plan: AppPlan): Promise<App> {
  clock.offset = plan.clockOffset ?? 0
  const { store } = await openStore(plan.store)
  return startApp({
    store,
    framework: plan.framework,
    consume: plan.consume,
    storeDeadline: plan.storeDeadline,
    work: ({ nonce }) => {
      if (!plan.hangs) return undefined
      tell({ began: nonce })
      return new Promise(() => undefined) // until the process is killed
    },
  })
}

function run(): void {
  let app: App | undefined
  process.on('disconnect', () => process.exit())
  process.on('message', (message: ToApp) => {
    if ('plan' in message) {
      void start(message.plan).then((started) => {
        app = started
        tell({ port: started.port })
      })
    } else if ('clockOffset' in message) {
      clock.offset = message.clockOffset
      tell({ clockOffset: clock.offset })
    } else {
      void app?.successes().then((successes) => tell({ successes, unhandled: unhandled.count() }))
    }
  })
}

run()
