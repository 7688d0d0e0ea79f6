import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { after, before, describe, it } from 'node:test'
import { memoryReplayStore } from '@countersign/koa'
import {
  mint,
  portalCases,
  replayStoreCases,
  signEndpointCases,
  signed,
  signedLink,
} from '@countersign/testing'
import request from 'supertest'
import { createApp } from './app.js'
import { portal } from './portal.js'
import { asUser, user } from './session.js'

/** Sends each request to the next one, as a proxy before several processes does. */
function inTurn(...apps) {
  const all = apps.map((app) => app.callback())
  let count = 0
  return (req, res) => all[count++ % all.length](req, res)
}

const replayStore = memoryReplayStore()
const app = createApp(portal, { replayStore })
const second = createServer(createApp(portal, { replayStore }).callback())

before(async () => once(second.listen(0, '127.0.0.1'), 'listening'))
after(() => second.close())

describe('the survey', () => {
  const both = inTurn(app, createApp(portal, { replayStore }))
  const cases = portalCases(portal, '/survey', { replayStore })
  for (const each of cases) it(each.name, () => each.run(both))

  it('is answered once by a link', async () => {
    const link = await signedLink(portal, user, { path: '/survey' })
    await request(app.callback()).get(link).expect(200)
    await request(app.callback()).post(link).expect(200)
    const { body } = await request(second).post(link).expect(401)
    assert.equal(body.code, 'token_replayed')
  })

  it('takes no link that another secret has signed', async () => {
    const { expect: due } = await mint(portal, user, { defect: 'wrongSecret' })
    const post = request(app.callback()).post('/survey')
    const { status, body } = await signed(post, portal, user, { defect: 'wrongSecret' })
    assert.deepEqual({ status, code: body.code }, due)
  })
})

describe('the sign endpoint', () => {
  const cases = signEndpointCases(portal, '/api/survey/sign', { asUser, user })
  for (const each of cases) it(each.name, () => each.run(app))
})

describe('the memory of used links', () => {
  for (const { name, run } of replayStoreCases(() => replayStore, { leases: true })) it(name, run)
})

describe('the cases themselves', () => {
  it('find servers of which each remembers for itself', async () => {
    const replayed = portalCases(portal, '/survey').find(({ id }) => id === 'replayed')
    const each = () => createApp(portal, { replayStore: memoryReplayStore() })
    await assert.rejects(
      () => replayed.run(inTurn(each(), each())),
      /every process has a store of its own/,
    )
  })
})
