const { memoryReplayStore } = require('@countersign/express')
const {
  DEFECTS,
  asStranger,
  defectsFor,
  portalCases,
  replayStoreCases,
  signEndpointCases,
  signed,
} = require('@countersign/testing')
const express = require('express')
const request = require('supertest')
const { createApp } = require('./app')
const { portal } = require('./portal')
const { asUser, user } = require('./session')

const replayStore = memoryReplayStore()
const app = createApp(portal, { replayStore })
const post = () => request(app).post('/api/auth/sdk-login')

describe('the login', () => {
  const options = { replayStore, whoami: ({ body }) => body.id }
  const cases = portalCases(portal, '/api/auth/sdk-login', options)
  test.each(cases.map((each) => [each.name, each]))('%s', async (_, each) => each.run(app))

  it('knows Ada, whatever the parser has made of her body', async () => {
    await signed(post(), portal, user).expect(200, { id: 'ada@example.com', name: 'Ada' })
  })

  it('does not know a stranger', async () => {
    await asStranger(post(), portal).expect(401)
  })

  it('refuses a body that was changed after it was signed', async () => {
    expect(defectsFor(portal)).toContain('tampered')
    const { status, body } = await signed(post(), portal, user, { defect: 'tampered' })
    expect({ status, code: body.code }).toEqual(DEFECTS.tampered.expect)
  })
})

describe('the sign endpoint', () => {
  const cases = signEndpointCases(portal, '/api/portal/sign', { asUser, user })
  for (const each of cases) it(each.name, () => each.run(app))
})

describe('the memory of used logins', () => {
  for (const { name, run } of replayStoreCases(() => replayStore, { leases: true })) it(name, run)
})

describe('the cases themselves', () => {
  it('find a parser that has kept no bytes', async () => {
    const guard = require('@countersign/express').requireSignedUser(portal)
    const deaf = express()
      .use(express.json())
      .post('/login', guard, (req, res) => res.end())
    const [first] = portalCases(portal, '/login')
    await expect(first.run(deaf)).rejects.toThrow(/parser.*kept no bytes/)
  })
})
