import { askRedis, eventually } from '@countersign/test-servers'
import { startApp } from '../app'
import type { Fault } from '../outcome'
import { openBox, order, SAFE, type RedisBox } from '../redis-box'
import { openStore, type RedisClient } from '../stores'
import { runTrial } from '../trial'

/** An error that Redis answers with, how to get it and how to be rid of it. */
interface RedisError {
  readonly id: string
  readonly name: string
  readonly args?: readonly string[]
  /** Whether it still answers for the keys that it has. */
  readonly reads?: boolean
  /** Before anything is asked of it. */
  prepare?(box: RedisBox): Promise<void>
  begin(box: RedisBox): Promise<void>
  end(box: RedisBox): Promise<void>
}

const ERRORS: readonly RedisError[] = [
  {
    id: 'oom',
    name: 'OOM: memory full, nothing evicted',
    reads: true,
    begin: ({ port }) => order(port, 'CONFIG SET maxmemory 1'),
    end: ({ port }) => order(port, 'CONFIG SET maxmemory 0'),
  },
  {
    id: 'noauth',
    name: 'NOAUTH: a password that the app does not know',
    begin: ({ port }) =>
      order(port, 'CONFIG SET requirepass changed', 'CLIENT KILL TYPE normal SKIPME yes'),
    end: ({ port }) => order(port, 'AUTH changed', 'CONFIG SET requirepass ""'),
  },
  {
    id: 'clusterdown',
    name: 'CLUSTERDOWN: nobody serves the slots',
    args: ['--cluster-enabled', 'yes'],
    prepare: serveAllSlots,
    begin: ({ port }) => order(port, 'CLUSTER DELSLOTSRANGE 0 16383'),
    end: serveAllSlots,
  },
  {
    id: 'loading',
    name: 'LOADING: started again, with much to read',
    args: [
      ...['--enable-debug-command', 'yes', '--key-load-delay', '2000'],
      ...['--loading-process-events-interval-bytes', '1024'],
    ],
    async prepare({ port }) {
      await order(port, 'DEBUG POPULATE 1500 filler 100', 'BGREWRITEAOF')
      await eventually(async () => (await info(port)).includes('aof_rewrite_in_progress:0'))
    },
    async begin(box) {
      await box.kill()
      await box.restart('Loading RDB')
    },
    end: async () => undefined, // it has read everything some day
  },
]

const info = (port: number): Promise<string> => askRedis(port, 'INFO persistence')

async function serveAllSlots({ port }: RedisBox): Promise<void> {
  await order(port, 'CLUSTER ADDSLOTSRANGE 0 16383')
  await eventually(async () => (await askRedis(port, 'CLUSTER INFO')).includes('cluster_state:ok'))
}

/** Each error with each client. */
export const redisErrors: readonly Fault[] = (['ioredis', 'node-redis'] as const).flatMap(
  (client) => ERRORS.map((error) => errorFault(client, error)),
)

function errorFault(client: RedisClient, { id, name, args = [], ...error }: RedisError): Fault {
  return {
    id: `${id}-${client}`,
    name,
    store: `Redis, ${client}`,
    expected: error.reads
      ? { store_unavailable: 10, token_replayed: 5 }
      : { store_unavailable: 15 },
    async run() {
      const box = await openBox([...SAFE, ...args])
      await error.prepare?.(box)
      const { store, close } = await openStore({ kind: 'redis', client, port: box.port })
      try {
        return await runTrial([await startApp({ store })], async (trial) => {
          const used = await trial.used(5)
          await error.begin(box)
          await trial.during([...used, ...(await trial.fresh(10))])
          await error.end(box)
        })
      } finally {
        await close()
        await box.stop()
      }
    },
  }
}
