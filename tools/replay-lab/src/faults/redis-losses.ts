import { askRedis } from '@countersign/test-servers'
import { startApp } from '../app'
import type { Fault } from '../outcome'
import { openBox, order, SAFE, type RedisBox } from '../redis-box'
import { refusedAtStart } from './refused-at-start'
import { openRedis } from '../stores'
import { runTrial } from '../trial'

/** What a server does to entries that it has acknowledged, under some of its settings. */
interface Loss {
  readonly id: string
  readonly name: string
  readonly args: readonly string[]
  lose(box: RedisBox): Promise<void>
  /** What `check` is to be told, for an app that cannot stand it. */
  readonly refused: { readonly durable: true } | undefined
}

async function crash(box: RedisBox): Promise<void> {
  await box.kill()
  await box.restart()
}

/** Entries of a replay store have an expiry, those of others have none here. */
async function crowdOut({ port }: RedisBox): Promise<void> {
  await order(port, 'DEBUG POPULATE 30000 filler 100')
  await askRedis(port, 'SET one more') // evicts, and is refused when nothing is left to evict
  await order(port, 'CONFIG SET maxmemory 0')
}

const CROWDED = ['--maxmemory', '2mb', '--enable-debug-command', 'yes']

const LOSSES: readonly Loss[] = [
  {
    id: 'crash-nothing-kept',
    name: 'crash without persistence',
    args: [],
    lose: crash,
    refused: { durable: true },
  },
  {
    id: 'crash-snapshots',
    name: 'crash, snapshots only (save 3600 1)',
    args: ['--save', '3600 1'],
    lose: crash,
    refused: { durable: true },
  },
  {
    id: 'eviction',
    name: 'eviction (volatile-lru)',
    args: [...CROWDED, '--maxmemory-policy', 'volatile-lru'],
    lose: crowdOut,
    refused: undefined,
  },
]

const STORE = 'Redis, ioredis'

/** Each loss, and that an app which checks its store does not start with such a server. */
export const redisLosses: readonly Fault[] = [
  ...LOSSES.flatMap((loss) => [lossFault(loss, { accepted: 10 }, 'lost'), checkFault(loss)]),
  lossFault(
    {
      id: 'crash-always',
      name: 'crash, appendfsync always',
      args: SAFE,
      lose: crash,
      refused: undefined,
    },
    { token_replayed: 10 },
    'held',
  ),
]

function lossFault(
  { id, name, args, lose }: Loss,
  expected: Fault['expected'],
  verdict: 'held' | 'lost',
): Fault {
  return {
    id,
    name,
    store: STORE,
    expected,
    verdict,
    async run() {
      const box = await openBox(args)
      const { store, close } = await openRedis({ kind: 'redis', client: 'ioredis', port: box.port })
      try {
        return await runTrial([await startApp({ store })], async (trial) => {
          const links = await trial.used(10)
          await lose(box)
          await trial.decided(links)
        })
      } finally {
        await close()
        await box.stop()
      }
    },
  }
}

function checkFault({ id, name, args, refused }: Loss): Fault {
  return {
    id: `${id}-checked`,
    name: `${name}: \`check(${refused ? '{ durable: true }' : ''})\` at start-up`,
    store: STORE,
    expected: { store_unsafe: 1 },
    async run() {
      const box = await openBox(args)
      const { store, close } = await openRedis({ kind: 'redis', client: 'ioredis', port: box.port })
      try {
        return await refusedAtStart(() => store.check(refused))
      } finally {
        await close()
        await box.stop()
      }
    },
  }
}
