import { fdback, featkit, harlyy, seggwat } from '@countersign/schemes'
import type { Portal } from '@countersign/core'
import { signEndpointCases, type SignEndpointCaseOptions } from '@countersign/testing'
import { FRAMEWORKS } from '../support/apps'
import { failingIds } from '../support/failing'
import { now, secret } from '../support/mint-portals'
import { acme, community, ticket } from '../support/own-schemes'
import { COOKIE, signing } from '../support/sign-apps'

const user = { id: 'u_1', email: 'ada@example.com', name: 'Ada Lovelace' }

const portals: Readonly<Record<string, Portal>> = {
  FeatKit: featkit({ secret, slug: 'acme' }),
  SeggWat: seggwat({ secret, projectKey: 'abc123' }),
  'SeggWat JWT': seggwat({ secret, projectKey: 'abc123', mode: 'jwt' }),
  Harlyy: harlyy({ secret, businessId: 'acme', surveyId: 'q1' }),
  fdback: fdback({ secret, workspaceId: 'ws_demo' }),
  acme: acme({ secret, site: 'main' }),
  community: community({ secret, community: 'knitting' }),
  ticket: ticket({ secret }),
}

const base: SignEndpointCaseOptions = { asUser: { cookie: COOKIE }, user, now, secret }

describe.each(FRAMEWORKS)('a sign endpoint of %s', (framework) => {
  it.each(Object.entries(portals))('passes each case of %s', async (_, portal) => {
    const cases = signEndpointCases(portal, '/sign', base)
    expect(await failingIds(cases, signing(framework, portal, { user }))).toEqual([])
    expect(cases.length).toBeGreaterThan(25)
  })
})
