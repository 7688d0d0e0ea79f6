import { memoryReplayStore } from '@countersign/koa'
import {
  asStranger,
  portalCases,
  replayStoreCases,
  signEndpointCases,
  signed,
  signedLink,
} from '@countersign/testing'
import Koa from 'koa'
import request from 'supertest'
import { describe, expect, it } from 'vitest'
import { createApp } from './app.js'
import { portal } from './portal.js'
import { asUser, user } from './session.js'

const app = createApp(portal)
const agent = request(app.callback())

describe('the board', () => {
  const options = { whoami: ({ body }) => body.id }
  for (const each of portalCases(portal, '/board', options)) it(each.name, () => each.run(app))

  it('knows Ada by her signature', async () => {
    await signed(agent.get('/board'), portal, user).expect(200, { id: '42' })
  })

  it('knows Ada by her link', async () => {
    await agent.get(await signedLink(portal, user, { path: '/board' })).expect(200, { id: '42' })
  })

  it('does not know a stranger', async () => {
    await asStranger(agent.get('/board'), portal).expect(401)
  })

  it.each([
    ['algNone', 'invalid_token'],
    ['algConfusion', 'invalid_token'],
    ['wrongAudience', 'audience_mismatch'],
  ])('refuses what is wrong by %s', async (defect, code) => {
    const { status, body } = await signed(agent.get('/board'), portal, user, { defect })
    expect([status, body.code]).toEqual([401, code])
  })
})

describe('the sign endpoint', () => {
  const cases = signEndpointCases(portal, '/api/portal/sign', { asUser, user })
  it.each(cases)('$name', (each) => each.run(app.callback()))
})

describe('the memory of used links', () => {
  const cases = replayStoreCases(() => memoryReplayStore(), { leases: true })
  it.each(cases)('$name', ({ run }) => run())
})

describe('the cases themselves', () => {
  it('find a board that has no guard', async () => {
    const open = new Koa().use((ctx) => {
      ctx.body = { id: null }
    })
    const stranger = portalCases(portal, '/board').find(({ id }) => id === 'missing')
    await expect(stranger.run(open)).rejects.toThrow(/the guard does not run on this route/)
  })
})
