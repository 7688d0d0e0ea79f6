import { cpus } from 'node:os'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { memoryReplayStore } from '@countersign/core'
import { askRedis, startPostgres, startRedis } from '@countersign/test-servers'
import type { Client } from 'pg'
import { claimMany, passMany } from './load'
import { TABLE, withAdmin } from './faults/postgres'
import { table } from './report'
import { migrate } from './sites'
import { openPostgres, openRedis } from './stores'

/** Entries that are measured. */
const ENTRIES = 100_000

type Row = readonly string[]

function memoryRows(): Promise<readonly Row[]> {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void // there since the line before
  const store = memoryReplayStore({ maxEntries: ENTRIES })
  const used = (): number => {
    collect()
    return process.memoryUsage().heapUsed
  }
  const before = used()
  return claimMany(store, ENTRIES).then(async (rate) => {
    const bytes = (used() - before) / ENTRIES
    await store.has('') // the store has to be alive while it is measured
    return [['memory', 'heap', figure(bytes), span(rate)]]
  })
}

const PERSISTENCE: readonly { readonly name: string; readonly args: readonly string[] }[] = [
  { name: 'appendfsync always', args: ['--appendonly', 'yes', '--appendfsync', 'always'] },
  { name: 'appendfsync everysec', args: ['--appendonly', 'yes', '--appendfsync', 'everysec'] },
  { name: 'nothing kept', args: [] },
]

async function redisRows(): Promise<readonly Row[]> {
  const rows: Row[] = []
  for (const { name, args } of PERSISTENCE) {
    const { port, stop } = await startRedis({
      args: [...args, '--auto-aof-rewrite-percentage', '0'],
    })
    const { store, close } = await openRedis({ kind: 'redis', client: 'ioredis', port })
    const before = await redisFigures(port)
    const rate = await claimMany(store, ENTRIES)
    const after = await redisFigures(port)
    const each = (of: keyof typeof after): string => figure((after[of] - before[of]) / ENTRIES)
    rows.push([`Redis, ${name}`, 'memory', each('memory'), span(rate)])
    if (args.length > 0) rows.push([`Redis, ${name}`, 'append-only file', each('file'), ''])
    const micros = ((after.cpu - before.cpu) / ENTRIES) * 1e6
    rows.push([`Redis, ${name}`, 'processor time, µs', micros.toFixed(1), ''])
    await close()
    await stop()
  }
  return rows
}

async function redisFigures(
  port: number,
): Promise<{ readonly memory: number; readonly file: number; readonly cpu: number }> {
  const info = await askRedis(port, 'INFO')
  const read = (name: string): number =>
    Number(new RegExp(`^${name}:([\\d.]+)`, 'm').exec(info)?.[1] ?? 0)
  const cpu = read('used_cpu_sys') + read('used_cpu_user')
  return { memory: read('used_memory'), file: read('aof_current_size'), cpu }
}

/** How often a fifth of the entries comes and ends: so much waits for PostgreSQL's own vacuum. */
const ROUNDS = 10
const CHURN = ENTRIES / 5

async function postgresRows(): Promise<readonly Row[]> {
  const server = await startPostgres()
  await migrate(server.url)
  const { store, close } = await openPostgres({ kind: 'postgres', url: server.url })
  try {
    return await withAdmin(server, async (admin) => {
      const wal = await number(admin, WAL)
      const rate = await claimMany(store, ENTRIES)
      const written = (await number(admin, WAL)) - wal
      const row = (what: string, bytes: number, speed = ''): Row => [
        'Postgres',
        what,
        figure(bytes / ENTRIES),
        speed,
      ]
      const rows = [
        row('table', await number(admin, `pg_table_size('${TABLE}')`), span(rate)),
        row('its two indexes', await number(admin, `pg_indexes_size('${TABLE}')`)),
        row('write-ahead log', written),
      ]
      const swept = await churn(admin, store)
      const all = await number(admin, `pg_total_relation_size('${TABLE}')`)
      return [
        ...rows,
        row(`all, after ${ROUNDS} times a fifth came and went`, all),
        ['Postgres', 'swept, entries a second', '', figure(swept)],
      ]
    })
  } finally {
    await close()
    await server.stop()
  }
}

const WAL = "pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')"

/** @returns entries swept in a second */
async function churn(
  admin: Client,
  store: Awaited<ReturnType<typeof openPostgres>>['store'],
): Promise<number> {
  let took = 0
  for (let round = 0; round < ROUNDS; round++) {
    await passMany(store, CHURN)
    const began = performance.now()
    await store.sweep()
    took += performance.now() - began
    await admin.query(`VACUUM ${TABLE}`)
  }
  return (ROUNDS * CHURN * 1_000) / took
}

async function number(admin: Client, expression: string): Promise<number> {
  const { rows } = await admin.query<{ value: string }>(`SELECT ${expression} AS value`)
  return Number(rows[0]?.value)
}

/** The disk and the processors are shared: one number would say too much. */
function span(rates: readonly number[]): string {
  return `${figure(Math.min(...rates))} - ${figure(Math.max(...rates))}`
}

function figure(value: number): string {
  return String(Math.round(value))
}

const A_DAY = 10_000_000

/** What ten million links a day come to, by how long they live. */
function scaleRows(rows: readonly Row[]): readonly Row[] {
  const bytes = (store: string, what: string): number =>
    Number(rows.find(([one, other]) => one?.startsWith(store) && other?.startsWith(what))?.[2])
  return [1, 7, 30].map((days) => {
    const entries = days * A_DAY
    return [
      days === 1 ? 'a day' : `${days} days`,
      `${entries / 1e6} million`,
      gigabytes(entries * bytes('Redis', 'memory')),
      gigabytes(A_DAY * bytes('Redis', 'append-only file')),
      gigabytes(entries * bytes('Postgres', 'all')),
      gigabytes(A_DAY * bytes('Postgres', 'write-ahead log')),
    ]
  })
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`
}

async function main(): Promise<void> {
  console.log(`Node ${process.version}, ${cpus().length} cores, ${new Date().toISOString()}\n`)
  const rows = [...(await memoryRows()), ...(await redisRows()), ...(await postgresRows())]
  console.log(table(['store', `of each of ${ENTRIES} entries`, 'bytes', 'claims a second'], rows))
  const header = [
    'links live',
    'entries',
    'Redis',
    'its file, a day',
    'PostgreSQL',
    'its log, a day',
  ]
  console.log(`\n${table(header, scaleRows(rows))}`)
}

void main()
