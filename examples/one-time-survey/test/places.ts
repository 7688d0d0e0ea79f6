import {
  findPostgres,
  findRedis,
  serverOrSkip,
  startPostgres,
  startRedis,
} from '@countersign/test-servers'

/** Where used links are remembered. */
export interface Place {
  readonly name: string
  /** Whether it is to be had here. */
  readonly found: boolean
  /** What the survey finds in its environment, and what ends the server behind it. */
  start(): Promise<{ readonly env: NodeJS.ProcessEnv; stop(): Promise<void> }>
}

export const DURABLE: readonly string[] = ['--appendonly', 'yes']

const lent = async (env: NodeJS.ProcessEnv) => ({ env, stop: async () => undefined })

const redis = findRedis()
const postgres = findPostgres()

const inRedis: Place = {
  name: 'Redis',
  found: redis !== undefined,
  async start() {
    if (redis && 'url' in redis) return lent({ REDIS_URL: redis.url })
    const { url, stop } = await startRedis({ args: DURABLE })
    return { env: { REDIS_URL: url }, stop }
  },
}

const inPostgres: Place = {
  name: 'PostgreSQL',
  found: postgres !== undefined,
  async start() {
    if (postgres && 'url' in postgres) return lent({ DATABASE_URL: postgres.url })
    const { url, stop } = await startPostgres({ settings: { fsync: 'off' } })
    return { env: { DATABASE_URL: url }, stop }
  },
}

const inMemory: Place = { name: 'memory', found: true, start: () => lent({}) }

export const places: readonly Place[] = [inMemory, inRedis, inPostgres]

/** `describe` where the server is, else a loud `describe.skip`. */
export function describeOn({ name, found }: Pick<Place, 'name' | 'found'>): jest.Describe {
  return serverOrSkip(name, found ? name : undefined) ? describe : describe.skip
}
