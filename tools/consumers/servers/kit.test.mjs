// The test kit against a server that is running. Its address and a session are in the environment.
import { test } from 'node:test'
import { featkit } from '@countersign/fetch'
import { portalCases, signEndpointCases } from '@countersign/testing'

const { ORIGIN, GUARDED, METHOD, COOKIE, SKIPPED, FEATKIT_SECRET: secret } = process.env
const portal = featkit({ slug: 'lantern', secret })
const cases = [
  ...portalCases(portal, GUARDED, { method: METHOD, whoami: ({ body }) => body.id }),
  ...signEndpointCases(portal, '/feedback', {
    method: 'GET',
    respond: 'redirect',
    signedOut: '/login',
    asUser: { cookie: COOKIE },
    user: { id: '7', email: 'ada@example.com', name: 'Ada' },
    secret,
  }),
]
for (const { name, run, timeout } of cases) {
  test(name, { timeout, skip: name === SKIPPED }, () => run(ORIGIN))
}
