import { memoryReplayStore } from '@countersign/core'
import { requireSignedUser, signEndpoint } from '@countersign/express'
import { featkit, harlyy } from '@countersign/schemes'
import {
  describePortal,
  describeReplayStore,
  describeSignEndpoint,
  portalCases,
} from '@countersign/testing'
import express from 'express'
import { secret } from './support/mint-portals'
import { acme } from './support/own-schemes'

const links = featkit({ secret, slug: 'acme' })
const surveys = harlyy({ secret })
const ada = { id: 'u_1', email: 'ada@example.com' }

const app = express()
app.get('/portal', requireSignedUser(links), (req, res) => void res.json(req.portalUser))
app.post('/survey', requireSignedUser(surveys), (_req, res) => void res.json({ ok: true }))
app.post(
  '/sign',
  signEndpoint(links, { user: (req) => (req.get('cookie') === 'sid=1' ? ada : null) }),
)

// the one-call forms, as an app's own suite has them: on the real clock
describePortal(app, { route: '/portal', portal: links })
describePortal(app, { route: '/survey', portal: surveys })
describeSignEndpoint(app, { route: '/sign', portal: links, asUser: { cookie: 'sid=1' }, user: ada })
describeReplayStore(() => memoryReplayStore(), { leases: true })

describe('the one-call form', () => {
  it('names the loop where the runner has no globals', () => {
    const { describe: kept } = globalThis
    Object.assign(globalThis, { describe: undefined })
    try {
      expect(() => describePortal(app, { route: '/portal', portal: links })).toThrow(
        /no `describe` and `it` as globals\. Loop over the cases: for \(const each of portalCases/,
      )
    } finally {
      Object.assign(globalThis, { describe: kept })
    }
  })
})

describe('a case', () => {
  const cases = portalCases(links, '/portal')

  it('has an id and a name of its own', () => {
    expect(new Set(cases.map(({ id }) => id)).size).toBe(cases.length)
    expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length)
  })

  it('says what it expects, and what came, without any runner', async () => {
    const { send, check, expectStatus, expectCode } = cases.find(({ id }) => id === 'expired')!
    expect({ expectStatus, expectCode }).toEqual({ expectStatus: 401, expectCode: 'token_expired' })
    const response = await send(app)
    expect(response.status).toBe(401)
    expect(response.body).toMatchObject({ code: 'token_expired', status: 401 })
    expect(response.code).toBe('token_expired')
    expect(check(response)).toBeNull()
  })

  it('ends with the status and the code that it expects, each one', async () => {
    for (const { send, expectStatus, expectCode } of cases) {
      const { status, code } = await send(app)
      expect({ status, code }).toEqual({ status: expectStatus, code: expectCode })
    }
  })

  it('fails with an error that says what is wrong', async () => {
    const [signed] = portalCases(featkit({ secret: `${secret}-2` }), '/portal')
    const failure: unknown = await signed?.run(app).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(Error)
    expect((failure as Error).message).toMatch(
      /^It fails this case: “lets a signed user in”\n\n {2}sent {6}GET \/portal\?token=…: a signed user\n {2}received {2}401 Unauthorized, code "invalid_token"[^]*\n {2}means {5}the app and the portal[^]*\n {2}fix {7}make both/,
    )
    expect(failure).toHaveProperty('finding.means')
  })

  it('asks for a `user` where its own does not suit the scheme', async () => {
    const portal = acme({ secret, site: 'main' })
    const [signed] = portalCases(portal, '/portal', { user: { id: 'null' } })
    await expect(signed?.run(app)).rejects.toThrow(/cannot be signed for acme[^]*Pass a `user`/)
  })
})
