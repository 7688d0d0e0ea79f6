import { eventually } from '@countersign/test-servers'
import { startApp } from '../app'
import type { Fault } from '../outcome'
import { postgresSite, redisSite, type Site } from '../sites'
import { openStore } from '../stores'
import { runTrial, type Trial } from '../trial'
import type { Tally } from '../visitor'

/** What can happen to any server and to the way there. */
interface Trouble {
  readonly id: string
  readonly name: string
  readonly expected: (mode: Mode) => Tally
  /** Seconds. @default LEASE */
  readonly lease?: number
  make(site: Site, trial: Trial): Promise<void>
}

type Mode = 'burn' | 'lease'

/** How long a handler has, in seconds. */
const LEASE = 1

const refused = { store_unavailable: 15 }

/** Five used links and ten fresh ones are tried while it lasts. */
async function tryAll(trial: Trial, begin: () => Promise<void> | void): Promise<void> {
  const used = await trial.used(5)
  await begin()
  await trial.during([...used, ...(await trial.fresh(10))])
}

const TROUBLES: readonly Trouble[] = [
  {
    id: 'down',
    name: 'server killed, started again later',
    expected: () => refused,
    async make(site, trial) {
      await tryAll(trial, site.kill)
      await site.restart()
    },
  },
  {
    id: 'frozen',
    name: 'server frozen (SIGSTOP)',
    expected: () => refused,
    async make(site, trial) {
      await tryAll(trial, site.freeze)
      await site.thaw()
    },
  },
  {
    id: 'slow',
    name: 'replies a second late',
    expected: () => refused,
    async make({ proxy }, trial) {
      await tryAll(trial, () => proxy.delay(1_000))
      proxy.restore()
    },
  },
  {
    id: 'late',
    name: 'timed out, but applied: the same links again, two seconds later',
    expected: () => ({ store_unavailable: 10, accepted: 10 }),
    lease: 60, // longer than the trial: it is released
    async make({ proxy }, trial) {
      const links = await warm(trial)
      proxy.delay(1_000)
      await trial.during(links)
      proxy.restore()
      await takenBack()
      await trial.decided(links)
    },
  },
  {
    id: 'lost',
    name: 'reply lost, then the connection: the same links again, two seconds later',
    expected: () => ({ store_unavailable: 10, accepted: 10 }),
    async make({ proxy, replies }, trial) {
      const links = await warm(trial)
      proxy.dropReplies()
      await trial.during(links)
      await eventually(() => proxy.spoilt >= replies) // it was applied, however busy the server is
      proxy.cut()
      proxy.restore()
      await takenBack()
      await trial.decided(links)
    },
  },
  {
    id: 'cut',
    name: 'connections broken again and again',
    expected: () => refused,
    async make({ proxy }, trial) {
      await tryAll(trial, proxy.cut)
      proxy.restore()
    },
  },
  {
    id: 'garbage',
    name: 'garbage instead of replies',
    expected: () => refused,
    async make({ proxy }, trial) {
      await tryAll(trial, () => proxy.answerWith('HTTP/1.1 400 Bad Request\r\n\r\n'))
      proxy.cut()
      proxy.restore()
    },
  },
]

/** Waits until the guard has taken back what the store answered too late, or not at all. */
function takenBack(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 2_000))
}

/** Links to be tried on connections that stand. */
async function warm(trial: Trial): Promise<Awaited<ReturnType<Trial['fresh']>>> {
  await trial.used(10)
  return trial.fresh(10)
}

const SITES: readonly { readonly store: string; open(): Promise<Site> }[] = [
  { store: 'Redis, ioredis', open: () => redisSite('ioredis') },
  { store: 'Redis, node-redis', open: () => redisSite('node-redis') },
  { store: 'Postgres, pg', open: () => postgresSite() },
]

/** Each trouble with each server, for links that burn and for links on lease. */
export const serverFaults: readonly Fault[] = SITES.flatMap(({ store, open }) =>
  (['burn', 'lease'] as const).flatMap((mode) =>
    TROUBLES.map(({ id, name, expected, lease = LEASE, make }) => ({
      id: `${id}-${slug(store)}-${mode}`,
      name: `${name} (${mode})`,
      group: name,
      store,
      expected: expected(mode),
      run: async () => {
        const site = await open()
        const { store: opened, warm: openAll, close } = await openStore(site.plan)
        try {
          await openAll?.()
          const consume = mode === 'lease' ? { lease } : undefined
          const app = await startApp({ store: opened, consume })
          return await runTrial([app], (trial) => make(site, trial))
        } finally {
          await close()
          await site.stop()
        }
      },
    })),
  ),
)

function slug(store: string): string {
  return store.replace(/^.*, /, '')
}
