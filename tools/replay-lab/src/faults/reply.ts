import { startApp } from '../app'
import type { Fault } from '../outcome'
import { postgresSite, redisSite } from '../sites'
import { openStore, type RedisClient } from '../stores'
import { runTrial, type Trial } from '../trial'
import type { Site } from '../sites'

/** What is not an answer to the question. */
const WRONG: readonly { readonly id: string; readonly reply: string }[] = [
  { id: 'a number', reply: ':1\r\n' },
  { id: 'a text', reply: '$5\r\nhello\r\n' },
  { id: 'QUEUED', reply: '+QUEUED\r\n' },
  { id: 'an empty list', reply: '*0\r\n' },
  { id: 'an unknown error', reply: '-WHAT is this\r\n' },
]

async function answerWrongly(site: Site, trial: Trial, reply: string): Promise<void> {
  const used = await trial.used(5)
  site.proxy.answerWith(reply)
  await trial.during([...used, ...(await trial.fresh(10))])
  site.proxy.cut()
  site.proxy.restore()
}

/**
 * A reply is swallowed and the connection goes on, so that each question gets the answer to the one
 * before: fresh links and used ones take turns.
 */
async function shift({ proxy }: Site, trial: Trial): Promise<void> {
  const used = await trial.used(10)
  const fresh = await trial.fresh(11)
  proxy.dropReplies()
  await trial.post(fresh.slice(10))
  proxy.restore()
  await trial.during(used.flatMap((link, index) => [link, fresh[index]!])) // ten of each
  proxy.cut()
  proxy.restore()
}

/** The client asks again on a new connection, before the guard gives up. */
async function resend({ proxy }: Site, trial: Trial): Promise<void> {
  await trial.used(5)
  proxy.dropReplies()
  const answers = trial.fresh(10).then((links) => trial.during(links))
  await new Promise((resolve) => setTimeout(resolve, 50))
  proxy.cut()
  proxy.restore()
  await answers
}

interface Plan extends Pick<Fault, 'id' | 'name' | 'group' | 'expected'> {
  make(site: Site, trial: Trial): Promise<void>
}

const PLANS: readonly Plan[] = [
  ...WRONG.map(({ id, reply }) => ({
    id: `wrong-${id.replaceAll(' ', '-')}`,
    name: `${id} for an answer`,
    group: 'wrong replies: a number, a text, QUEUED, an empty list, an unknown error',
    expected: { store_unavailable: 15 },
    make: (site: Site, trial: Trial) => answerWrongly(site, trial, reply),
  })),
  {
    id: 'shifted',
    name: 'each question gets the answer to another one',
    expected: { store_unavailable: 20 },
    make: shift,
  },
]

export const replyFaults: readonly Fault[] = [
  ...(['ioredis', 'node-redis'] as const).flatMap((client) =>
    PLANS.map((plan) => replyFault(client, plan)),
  ),
  replyFault('ioredis', {
    id: 'resent',
    name: 'reply lost, the client sends the command again in time',
    expected: { accepted: 10 },
    make: resend,
  }),
  {
    id: 'silent-pg',
    name: 'replies lost, the connections stay: pg with both of its timeouts set',
    store: 'Postgres, pg',
    expected: { store_unavailable: 15 },
    run: fallSilent,
  },
]

/** Without `query_timeout` and `connectionTimeoutMillis`, pg would wait for ever, with all of its pool. */
async function fallSilent(): ReturnType<Fault['run']> {
  const site = await postgresSite({ query_timeout: 500, connectionTimeoutMillis: 500 })
  const { store, close } = await openStore(site.plan)
  try {
    return await runTrial([await startApp({ store })], async (trial) => {
      const used = await trial.used(5)
      site.proxy.dropReplies()
      await trial.during([...used, ...(await trial.fresh(10))])
      site.proxy.restore()
    })
  } finally {
    await close()
    await site.stop()
  }
}

function replyFault(client: RedisClient, { id, make, ...plan }: Plan): Fault {
  return {
    ...plan,
    id: `${id}-${client}`,
    store: `Redis, ${client}`,
    async run() {
      const site = await redisSite(client)
      const { store, close } = await openStore(site.plan)
      try {
        const app = await startApp({ store, storeDeadline: 0.5 })
        return await runTrial([app], (trial) => make(site, trial), 550)
      } finally {
        await close()
        await site.stop()
      }
    },
  }
}
