const { memoryReplayStore } = require('@countersign/express')
const {
  asStranger,
  describePortal,
  describeSignEndpoint,
  portalCases,
  replayStoreCases,
  signed,
  signedLink,
} = require('@countersign/testing')
const express = require('express')
const request = require('supertest')
const { createApp } = require('./app')
const { portal } = require('./portal')
const { asUser, user } = require('./session')

const app = createApp(portal)
const ada = { id: 42, name: 'Ada' }

describePortal(app, { route: '/board', portal })

describeSignEndpoint(app, { route: '/api/portal/sign', portal, asUser, user })

describe('the board', () => {
  it('knows Ada by her signature', async () => {
    await signed(request(app).get('/board'), portal, ada).expect(200, { id: '42' })
  })

  it('knows Ada by her link', async () => {
    const link = await signedLink(portal, ada, { path: '/board' })
    await request(app).get(link).expect(200, { id: '42' })
  })

  it('does not know a stranger', async () => {
    const { body } = await asStranger(request(app).get('/board'), portal).expect(401)
    expect(body.code).toBe('credential_missing')
  })

  it.each([
    ['wrongSecret', 'invalid_token'],
    ['expired', 'token_expired'],
    ['millisecondsForSeconds', 'claims_invalid'],
  ])('refuses what is wrong by %s', async (defect, code) => {
    const { body } = await signed(request(app).get('/board'), portal, ada, { defect }).expect(401)
    expect(body.code).toBe(code)
  })
})

describe('the memory of used links', () => {
  for (const { name, run } of replayStoreCases(memoryReplayStore, { leases: true })) it(name, run)
})

describe('the cases themselves', () => {
  it('find a board that has no guard', async () => {
    const open = express().get('/board', (req, res) => res.json({ id: null }))
    const stranger = portalCases(portal, '/board').find(({ id }) => id === 'missing')
    await expect(stranger.run(open)).rejects.toThrow(/the guard does not run on this route/)
  })
})
