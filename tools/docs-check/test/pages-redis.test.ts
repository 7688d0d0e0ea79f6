import { createHmac } from 'node:crypto'
import type { Express } from 'express'
import request from 'supertest'
import { createSigner, harlyy } from '@countersign/express'
import { findProgram, serverOrSkip, startRedis, type RedisServer } from '@countersign/test-servers'
import { run } from './run'
import { example } from './documents'

const found = serverOrSkip('redis-server', findProgram('redis-server'))

interface Page {
  readonly app: Express
  readonly redis: { destroy(): void }
  start(): Promise<void>
}

;(found ? describe : describe.skip)('the README of the Redis store', () => {
  const secret = 'the secret of the examples, long enough'
  let server: RedisServer
  let page: Page
  beforeAll(async () => {
    server = await startRedis({ args: ['--appendonly', 'yes'] })
    process.env['REDIS_URL'] = server.url
    process.env['HARLYY_SECRET'] = secret
    page = run<Page>(example('packages/store-redis/README.md', 1))
    await page.start()
  })
  afterAll(async () => {
    page.redis.destroy()
    await server.stop()
  })

  /** Two answers with one link. */
  async function expectOneUse(search: string): Promise<void> {
    expect((await request(page.app).post(`/survey${search}`)).status).toBe(200)
    const again = await request(page.app).post(`/survey${search}`)
    expect([again.status, again.body.code]).toEqual([401, 'token_replayed'])
  }

  it('has an app that takes each link once', async () => {
    const portal = harlyy({ businessId: 'b1', surveyId: 's1', secret })
    await expectOneUse(new URL((await createSigner(portal).sign({})).url).search)
  })

  it('has an app that takes a link that never expires, for its server keeps a file', async () => {
    const payload = Buffer.from('{"nonce":"for ever"}').toString('base64')
    const signature = createHmac('sha256', secret).update(payload).digest('base64')
    await expectOneUse(`?sig=${encodeURIComponent(`${payload}.${signature}`)}`)
  })
})
