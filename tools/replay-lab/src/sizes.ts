import { randomBytes } from 'node:crypto'
import { cpus } from 'node:os'
import type { ReplayStore } from '@countersign/core'
import { postgresSite, redisSite, TABLE, type PostgresSite, type RedisSite } from './sites'
import { openPostgres, openRedis } from './stores'

// What entries cost on a server, for docs/replay.md.

/** Entries that are measured, in parts, and how many claims wait at once. */
const ENTRIES = 100_000
const PARTS = 5
const AT_ONCE = 64
const WEEK = 7 * 24 * 3_600_000

type Row = readonly [store: string, what: string, bytes: string, rate: string]

/** Claims new keys for a week. @returns claims a second, in each part of them */
async function claimMany(store: ReplayStore): Promise<string> {
  const rates: number[] = []
  for (let part = 0; part < PARTS; part++) {
    const began = performance.now()
    await takeMany(async (key) => store.claim(key, Date.now() + WEEK))
    rates.push((ENTRIES / PARTS / (performance.now() - began)) * 1_000)
  }
  return `${figure(Math.min(...rates))} - ${figure(Math.max(...rates))}` // others use the disk too
}

async function takeMany(take: (key: string) => Promise<boolean>): Promise<void> {
  let left = ENTRIES / PARTS
  async function takeSome(): Promise<void> {
    while (left-- > 0) {
      if (!(await take(randomBytes(32).toString('base64url')))) throw new Error('A new key is used')
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, takeSome))
}

const REDIS = 'Redis, appendfsync always'

async function redisRows(site: RedisSite): Promise<readonly Row[]> {
  const { store, close } = await openRedis(site.plan)
  const before = await redisFigures(site)
  const rate = await claimMany(store)
  const after = await redisFigures(site)
  await close()
  const each = (of: keyof typeof after): number => (after[of] - before[of]) / ENTRIES
  return [
    [REDIS, 'memory', figure(each('memory')), rate],
    [REDIS, 'append-only file', figure(each('file')), ''],
    [REDIS, 'processor time, µs', (each('cpu') * 1e6).toFixed(1), ''],
  ]
}

async function redisFigures({
  ask,
}: RedisSite): Promise<Readonly<Record<'memory' | 'file' | 'cpu', number>>> {
  const info = await ask('INFO')
  const read = (name: string): number =>
    Number(new RegExp(`^${name}:([\\d.]+)`, 'm').exec(info)?.[1] ?? 0)
  const cpu = read('used_cpu_sys') + read('used_cpu_user')
  return { memory: read('used_memory'), file: read('aof_current_size'), cpu }
}

/** How often a fifth of the entries comes and ends: so much waits for PostgreSQL's own vacuum. */
const ROUNDS = 10

async function postgresRows(site: PostgresSite): Promise<readonly Row[]> {
  const admin = await site.connect()
  async function number(expression: string): Promise<number> {
    const { rows } = await admin.query<{ value: string }>(`SELECT ${expression} AS value`)
    return Number(rows[0]?.value)
  }
  const row = (what: string, bytes: number, rate = ''): Row => [
    ...(['PostgreSQL', what, figure(bytes / ENTRIES), rate] as const),
  ]
  const log = "pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')"
  const { store, close } = await openPostgres(site.plan)
  const before = await number(log)
  const rate = await claimMany(store)
  const rows = [
    row('table', await number(`pg_table_size('${TABLE}')`), rate),
    row('its two indexes', await number(`pg_indexes_size('${TABLE}')`)),
    row('write-ahead log', (await number(log)) - before),
  ]
  const lease = { owner: 'short', duration: 1 }
  let took = 0
  for (let round = 0; round < ROUNDS; round++) {
    await takeMany(async (key) => (await store.leases.reserve(key, lease)) === 'free')
    const began = performance.now()
    await store.sweep()
    took += performance.now() - began
    await admin.query(`VACUUM ${TABLE}`)
  }
  const all = await number(`pg_total_relation_size('${TABLE}')`)
  await Promise.all([admin.end(), close()])
  return [
    ...rows,
    row(`all, after a fifth was replaced ${ROUNDS} times`, all),
    [
      'PostgreSQL',
      'deleted entries a second',
      '',
      figure((ROUNDS * ENTRIES) / PARTS / (took / 1_000)),
    ],
  ]
}

function figure(value: number): string {
  return String(Math.round(value))
}

const A_DAY = 10_000_000

/** What ten million links a day come to, by how long they live. */
function scaleRows(rows: readonly Row[]): readonly (readonly string[])[] {
  const gigabytes = (entries: number, store: string, what: string): string => {
    const found = rows.find(([one, other]) => one === store && other.startsWith(what))
    return `${((entries * Number(found?.[2])) / 1e9).toFixed(1)} GB`
  }
  return [1, 7, 30].map((days) => [
    days === 1 ? 'a day' : `${days} days`,
    `${(days * A_DAY) / 1e6} million`,
    gigabytes(days * A_DAY, REDIS, 'memory'),
    gigabytes(A_DAY, REDIS, 'append-only file'),
    gigabytes(days * A_DAY, 'PostgreSQL', 'all'),
    gigabytes(A_DAY, 'PostgreSQL', 'write-ahead log'),
  ])
}

function print(...rows: readonly (readonly string[])[]): void {
  for (const row of rows) console.log(`| ${row.join(' | ')} |`)
}

async function main(): Promise<void> {
  console.log(`Node ${process.version}, ${cpus().length} cores, ${new Date().toISOString()}\n`)
  const [redis, postgres] = [await redisSite('ioredis'), await postgresSite()]
  const rows = [...(await redisRows(redis)), ...(await postgresRows(postgres))]
  await Promise.all([redis.close(), postgres.close()])
  print(['store', `for each of ${ENTRIES} entries`, 'bytes', 'claims a second'], ...rows)
  print(['links live', 'entries', 'Redis', 'its file, a day', 'PostgreSQL', 'its log, a day'])
  print(...scaleRows(rows))
}

void main()
