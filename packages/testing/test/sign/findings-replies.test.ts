import { createSigner } from '@countersign/core'
import { signEndpoint } from '@countersign/express'
import { featkit, harlyy } from '@countersign/schemes'
import { mint, signEndpointCases } from '@countersign/testing'
import express, { type Express, type RequestHandler } from 'express'
import { expectFinding } from '../support/broken-app'
import { now, secret } from '../support/mint-portals'
import { COOKIE, whoseSession } from '../support/sign-apps'

const user = { id: 'u_1', email: 'ada@example.com', name: 'Ada Lovelace' }
const portal = featkit({ secret, slug: 'acme' })
const surveys = harlyy({ secret, businessId: 'acme', surveyId: 'q1' })
const asUser = { cookie: COOKIE }
const cases = signEndpointCases(portal, '/sign', { asUser, user, now, secret })
const surveyCases = signEndpointCases(surveys, '/sign', { asUser, now })
const app = (): Express => express().set('env', 'test')
const endpoint = signEndpoint(portal, { now, user: (req) => whoseSession(req, user) })
const byHand =
  (answer: (signed: object) => object): RequestHandler =>
  async (_req, res) => {
    res.json(answer(await createSigner(portal, { now }).sign(user)))
  }

describe('a sign endpoint that', () => {
  it('says another end than the credential does is told so', async () => {
    const late = byHand((signed) => ({ ...signed, expiresAt: now() + 7_200_000 }))
    await expectFinding({
      name: '',
      app: app().use(late),
      cases,
      fails: 'ends',
      means: /the frontend believes that it does/,
    })
  })

  it('gives the same one-time link twice is told so', async () => {
    const once = createSigner(surveys, { now }).sign({})
    const kept = app().use((_req, res) => void once.then((signed) => res.json(signed)))
    const means = /was cached, or the nonce was chosen/
    await expectFinding({ name: '', app: kept, cases: surveyCases, fails: 'twice', means })
  })

  it('signs for ever is told so', async () => {
    const endless: RequestHandler = async (_req, res) => {
      const { request } = await mint(surveys, {}, { now, defect: 'undated' })
      const url = `https://survey.harlyy.com/acme/q1?${request.query}`
      const token = new URL(url).searchParams.get('sig')
      res.json({ url, token, expiresAt: now() + 100 * 31_536_000_000 })
    }
    const means = /counts for longer than it should/
    await expectFinding({
      name: '',
      app: app().use(endless),
      cases: surveyCases,
      fails: 'ends',
      means,
    })
  })

  it('has its answers cached is told so', async () => {
    const cached = app().use(
      (_req, res, next) => {
        res.json = ((body: object) => res.end(JSON.stringify(body))) as typeof res.json // no headers of Express
        next()
      },
      byHand((signed) => signed),
    )
    await expectFinding({
      name: '',
      app: cached,
      cases,
      fails: 'not-cached',
      means: /cached by your proxy/,
    })
  })

  it('tells its secret is told so', async () => {
    const leaky = app().use((_req, res, next) => {
      res.setHeader('x-debug', Buffer.from(secret).toString('base64'))
      next()
    }, endpoint)
    await expectFinding({
      name: '',
      app: leaky,
      cases,
      fails: 'keeps-secret',
      means: /can sign anybody/,
    })
  })
})
