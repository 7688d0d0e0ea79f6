import { memoryReplayStore } from '@countersign/core'
import { requireSignedUser } from '@countersign/express'
import { harlyy, seggwat } from '@countersign/schemes'
import { portalCases } from '@countersign/testing'
import type { RequestHandler } from 'express'
import { expectFinding, problem, type Broken } from '../support/broken-app'
import { NOW, now, secret } from '../support/mint-portals'
import {
  answer,
  app,
  behind,
  guard,
  inRows,
  lenient,
  linkCases,
  links,
  onError,
  payloadOf,
  rewriting,
  type Row,
} from './link-apps'

function forgetful(): Broken {
  const portal = harlyy({ secret })
  const forgetting: RequestHandler = (req, res, next) => {
    const each = requireSignedUser(portal, { now, replayStore: memoryReplayStore({ now }) })
    ;(each as RequestHandler)(req, res, next) // its locals are narrower
  }
  return {
    name: 'forgets what was used',
    app: app().use(forgetting, answer),
    cases: portalCases(portal, '/vote', { now }),
    fails: 'replayed',
    means: /used credential is accepted again/,
  }
}

const swallowed = /error handler turned the 401 into a 200/
const standingStill = requireSignedUser(links, { now: () => NOW - 20_000 })
const strangersWelcome = requireSignedUser(links, { now, mode: 'optional' })

const acceptances: readonly Row[] = [
  [
    'swallows refusals, and says so',
    onError((error, _req, res, _next) => void res.json({ error: error.message })),
    'missing',
    swallowed,
  ],
  [
    'swallows refusals, and says something else',
    onError((_error, _req, res, _next) => void res.json({ ok: false })),
    'wrongSecret',
    swallowed,
  ],
  ['lets strangers in', app().use(strangersWelcome, answer), 'missing', /optional mode/],
  ['has no guard', app().use(answer), 'wrongSecret', /guard does not run on this route/],
  ['has the guard behind the handler', app().use(answer, guard), 'missing', /behind the handler/],
  [
    'has a clock that stands still',
    app().use(standingStill, answer),
    'expired',
    /expired credentials are accepted/,
  ],
  [
    'takes what is for others',
    lenient((url) => /project_key":"(?!abc123")/.test(payloadOf(url))),
    'wrongAudience',
    /signed for somebody else is accepted/,
  ],
  [
    'takes what is not JSON',
    lenient((url) => /^[^{]/.test(payloadOf(url))),
    'notJson',
    /wrong form or signature is accepted/,
  ],
  [
    'takes one of two tokens',
    lenient((url) => /token=.*&token=/.test(url)),
    'duplicateParameter',
    /of two credentials in one request/,
  ],
  [
    'takes any e-mail address',
    lenient((url) => /"email":(?!"[^@]+@[^@]+")/.test(payloadOf(url))),
    'emailInvalid',
    /"claims_invalid" gets through/,
  ],
]

const otherSecret = seggwat({ secret: `${secret}-2`, projectKey: 'abc123' })

const refusals: readonly Row[] = [
  ['has no such route', problem(404), 'missing', /has no GET \/vote/],
  [
    'hides behind a 404',
    onError((_error, _req, res, _next) => void res.sendStatus(404)),
    'missing',
    /turned the 401 into a 404/,
  ],
  [
    'says nothing but the status',
    onError((error, _req, res, _next) => void res.sendStatus(error.status)),
    'expired',
    /code is gone/,
  ],
  [
    'has another secret',
    app().use(requireSignedUser(otherSecret, { now }), answer),
    'expired',
    /right ones too/,
  ],
  [
    'tidies the query up',
    behind(rewriting((url) => url.replace(/token=[^&]*&token=[^&]*/, ''))),
    'duplicateParameter',
    /saw no credential at all/,
  ],
  [
    'cuts tokens off',
    behind(
      rewriting((url) => (payloadOf(url).includes(`"exp":${NOW / 1000}`) ? url.slice(0, -2) : url)),
    ),
    'expired',
    /another reason/,
  ],
  [
    'fails where it refuses',
    onError((_error, _req, res, _next) => void res.sendStatus(500)),
    'missing',
    /turned the 401 into a 500/,
  ],
  [
    'checks tokens itself before the guard',
    behind((req, res, next) => (req.originalUrl.endsWith('=') ? void res.sendStatus(400) : next())),
    'paddedSignature',
    /answered before the guard could/,
  ],
  [
    'sends strangers to a login',
    onError((_error, _req, res, _next) => res.redirect('/login?next=/vote')),
    'missing',
    /answers with a redirect/,
  ],
]

describe('an app that', () => {
  it.each([...inRows([...acceptances, ...refusals], linkCases), forgetful()])(
    '$name is told so',
    async (each) => {
      await expectFinding(each)
    },
  )

  it('has no guard is told where to mount it', async () => {
    const open = app().use(answer)
    const fix = /mount requireSignedUser\(portal\) on \/vote before its handler/
    await expectFinding({
      name: '',
      app: open,
      cases: linkCases,
      fails: 'missing',
      means: /./,
      fix,
    })
  })
})
