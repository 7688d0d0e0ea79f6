import type { Express } from 'express'
import request from 'supertest'
import { createSigner, harlyy, memoryReplayStore, type ReplayStore } from '@countersign/express'
import { findPostgres, findProgram, serverOrSkip } from '@countersign/test-servers'
import { startPostgres, startRedis } from '@countersign/test-servers'
import { run } from './run'
import { example } from './documents'

interface StorePage {
  readonly replayStore: ReplayStore
  open(): Promise<void>
  close(): void | Promise<void>
}

const secret = (process.env['HARLYY_SECRET'] = 'the secret of the page, and long enough')
const { createApp } = run<{ createApp(store: ReplayStore): Express }>(
  example('docs/replay.md', 'app.ts'),
)

/** Two answers with one link. */
async function expectOneUse(replayStore: ReplayStore): Promise<void> {
  const app = createApp(replayStore)
  const portal = harlyy({ businessId: 'acme', surveyId: 'after-sale', secret })
  const { url } = await createSigner(portal).sign({}, { nonce: 'order-1001' })
  const link = `/survey${new URL(url).search}`
  const first = await request(app).post(link)
  expect([first.status, first.body]).toEqual([200, { thanks: 'order-1001' }])
  const second = await request(app).post(link)
  expect([second.status, second.body.code]).toEqual([401, 'token_replayed'])
}

const postgres = findPostgres()
const redis = findProgram('redis-server') === undefined ? undefined : { program: 'redis-server' }
const hasRedis = serverOrSkip('redis-server', redis)
const hasPostgres = serverOrSkip(
  'postgresql',
  postgres && 'folder' in postgres ? postgres : undefined,
)

describe('the page of one-time links', () => {
  it('has an app that takes each link once', () => expectOneUse(memoryReplayStore()))

  ;(hasRedis ? it : it.skip)('has a store in Redis for it', async () => {
    const server = await startRedis({ args: ['--appendonly', 'yes'] })
    process.env['REDIS_URL'] = server.url
    const { replayStore, open, close } = run<StorePage>(example('docs/replay.md', 'redis.ts'))
    await open()
    await expectOneUse(replayStore)
    await close()
    delete process.env['REDIS_URL']
    await server.stop()
  })

  ;(hasPostgres ? it : it.skip)('has a store in PostgreSQL for it', async () => {
    const server = await startPostgres({ settings: { fsync: 'off' } })
    process.env['DATABASE_URL'] = server.url
    const { replayStore, open, close } = run<StorePage>(example('docs/replay.md', 'postgres.ts'))
    await open()
    await expectOneUse(replayStore)
    await close()
    delete process.env['DATABASE_URL']
    await server.stop()
  })
})
