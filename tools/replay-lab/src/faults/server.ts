import { eventually } from '@countersign/test-servers'
import { setTimeout as pause } from 'node:timers/promises'
import { faultsOn, limitOf, WELL, type Fault, type Row } from '../fault'
import { ONE_OF_EACH, POSTGRES, postgresSite, REDIS, type ServerSite } from '../sites'

const refused = { store_unavailable: 15 }
const refusedThenAccepted = { store_unavailable: 10, accepted: 10 }

/** What can happen to any server and on the way there. */
const TROUBLES: readonly Row<ServerSite>[] = [
  {
    id: 'down',
    name: 'server killed, started again later',
    expected: refused,
    async make(trial, { kill, restart }) {
      await trial.tryBoth(kill)
      await restart()
    },
  },
  {
    id: 'frozen',
    name: 'server frozen (SIGSTOP)',
    expected: refused,
    async make(trial, { freeze, thaw }) {
      await trial.tryBoth(freeze)
      await thaw()
    },
  },
  {
    id: 'slow',
    name: 'replies a second late',
    expected: refused,
    async make(trial, { proxy }) {
      await trial.tryBoth(() => proxy.delay(1_000))
      proxy.restore()
    },
  },
  {
    id: 'cut',
    name: 'connections broken again and again',
    expected: refused,
    async make(trial, { proxy }) {
      await trial.tryBoth(proxy.cut)
      proxy.restore()
    },
  },
  {
    id: 'garbage',
    name: 'garbage instead of replies',
    expected: refused,
    async make(trial, { proxy }) {
      await trial.tryBoth(() => proxy.answerWith('HTTP/1.1 400 Bad Request\r\n\r\n'))
      proxy.cut()
      proxy.restore()
    },
  },
]

/** The store uses the link, and the guard does not hear of it in time. */
const UNHEARD: readonly Row<ServerSite>[] = [
  {
    id: 'late',
    name: 'timed out, but applied: the same links again, two seconds later',
    expected: refusedThenAccepted,
    async make(trial, { proxy }) {
      const links = await trial.fresh(10)
      proxy.delay(1_000)
      await trial.during(links)
      proxy.restore()
      await pause(TAKEN_BACK)
      await trial.decided(links)
    },
  },
  {
    id: 'lost',
    name: 'reply lost, then the connection: the same links again, two seconds later',
    expected: refusedThenAccepted,
    async make(trial, { proxy, replies }) {
      const links = await trial.fresh(10)
      proxy.dropReplies()
      await trial.during(links)
      await eventually(() => proxy.spoilt >= replies) // it was applied, however busy the server is
      proxy.cut()
      proxy.restore()
      await pause(TAKEN_BACK)
      await trial.decided(links)
    },
  },
]

/** The guard has taken back by then what the store answered too late or not at all, in milliseconds. */
const TAKEN_BACK = 2_000

/** How many links are tried while the store stalls. */
const STALLED = 100

const STALL: Row<ServerSite> = {
  id: 'stall',
  name: 'store stalls for 3 s, each link tried in it is tried again two seconds later',
  expected: { store_unavailable: STALLED, accepted: STALLED },
  limit: limitOf(WELL),
  async make(trial, { stall }) {
    await trial.used(5)
    const links = await trial.fresh(STALLED)
    const end = await stall()
    await trial.during(links)
    await pause(3_000)
    await end()
    await pause(TAKEN_BACK)
    // a few at a time: all at once they would wait for each other longer than the guard waits
    for (let from = 0; from < STALLED; from += 20) await trial.decided(links.slice(from, from + 20))
  },
}

/** A reply is swallowed and the connection goes on: each question gets the answer to the one before. */
const SHIFTED: Row<ServerSite> = {
  id: 'shifted',
  name: 'each question gets the answer to another one',
  expected: { store_unavailable: 20 },
  app: { storeDeadline: 0.5 },
  async make(trial, { proxy }) {
    const used = await trial.used(10)
    const fresh = await trial.fresh(11)
    proxy.dropReplies()
    await trial.post(fresh.slice(10))
    proxy.restore()
    await trial.during(used.flatMap((link, index) => [link, fresh[index]!])) // ten of each
    proxy.cut()
    proxy.restore()
  },
}

const RESENT: Row<ServerSite> = {
  id: 'resent',
  name: 'reply lost, the client sends the command again in time',
  expected: { accepted: 10 },
  app: { storeDeadline: 0.5 },
  async make(trial, { proxy }) {
    await trial.used(5)
    const links = await trial.fresh(10)
    proxy.dropReplies()
    const answers = trial.during(links)
    await pause(50)
    proxy.cut()
    proxy.restore()
    await answers
  },
}

/** Without both timeouts pg would wait for ever, with all of its pool. */
const SILENT: Row<ServerSite> = {
  id: 'silent',
  name: 'replies lost, the connections stay: pg with both of its timeouts set',
  expected: refused,
  async make(trial, { proxy }) {
    await trial.tryBoth(proxy.dropReplies)
    proxy.restore()
  },
}

const SERVERS = { ...REDIS, ...POSTGRES }
const TIMEOUTS = { query_timeout: 500, connectionTimeoutMillis: 500 }
const LONG_TIMEOUTS = {
  ...{ statement_timeout: 1_500, query_timeout: 2_000, connectionTimeoutMillis: 2_000 },
}

export const serverFaults: readonly Fault[] = [
  ...faultsOn<ServerSite>(SERVERS, [...TROUBLES, ...UNHEARD, ...UNHEARD.map(leased)]),
  ...faultsOn<ServerSite>({ ...ONE_OF_EACH, pg: () => postgresSite({ pool: LONG_TIMEOUTS }) }, [
    STALL,
    leased(STALL),
  ]),
  ...faultsOn(REDIS, [SHIFTED]),
  ...faultsOn({ ioredis: REDIS.ioredis }, [RESENT]),
  ...faultsOn({ pg: () => postgresSite({ pool: TIMEOUTS }) }, [SILENT]),
]

/** The lease is longer than the trial: what is free again was released. */
function leased(row: Row<ServerSite>): Row<ServerSite> {
  const app = { ...row.app, consume: { lease: 60 } }
  return { ...row, id: `${row.id}-lease`, name: `${row.name} (lease)`, app }
}
