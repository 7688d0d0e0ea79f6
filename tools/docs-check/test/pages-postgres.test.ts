import type { Express } from 'express'
import type { Pool } from 'pg'
import request from 'supertest'
import { createSigner, harlyy } from '@countersign/express'
import {
  findPostgres,
  serverOrSkip,
  startPostgres,
  type PostgresServer,
} from '@countersign/test-servers'
import { run } from './run'
import { example } from './documents'

const found = findPostgres()
const installed = serverOrSkip('postgresql', found && 'folder' in found ? found : undefined)

interface Page {
  readonly app: Express
  readonly pool: Pool
  start(): Promise<void>
}

;(installed ? describe : describe.skip)('the README of the PostgreSQL store', () => {
  const secret = 'the secret of the examples, long enough'
  let server: PostgresServer
  let page: Page
  beforeAll(async () => {
    server = await startPostgres({ settings: { fsync: 'off' } })
    process.env['DATABASE_URL'] = server.url
    process.env['HARLYY_SECRET'] = secret
    page = run<Page>(example('packages/store-postgres/README.md', 1))
    await page.start()
  })
  afterAll(async () => {
    await page.pool.end()
    await server.stop()
  })

  it('has an app that takes each link once', async () => {
    const portal = harlyy({ businessId: 'b1', surveyId: 's1', secret })
    const { search } = new URL((await createSigner(portal).sign({})).url)
    expect((await request(page.app).post(`/survey${search}`)).status).toBe(200)
    const again = await request(page.app).post(`/survey${search}`)
    expect([again.status, again.body.code]).toEqual([401, 'token_replayed'])
  })

  it('has an app that can start again', async () => {
    await expect(page.start()).resolves.toBeUndefined()
  })

  it('has a pool whose queries end in time', async () => {
    const { pool } = run<{ pool: Pool }>(example('packages/store-postgres/README.md', 2))
    await expect(pool.query('SELECT pg_sleep(3)')).rejects.toThrow('statement timeout')
    await pool.end()
  })
})
