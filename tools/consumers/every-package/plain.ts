// The packages that know no framework, in an application without the types of a test runner.
import { createSigner, memoryReplayStore } from '@countersign/core'
import { fdback, harlyy, seggwat } from '@countersign/core/schemes'
import * as postgres from '@countersign/store-postgres'
import * as redis from '@countersign/store-redis'
import {
  DEFECTS,
  mint,
  portalCases,
  describePortal,
  signEndpointCases,
  replayStoreCases,
  signed,
  signedLink,
  testSecret,
  type Defect,
  type PendingRequest,
} from '@countersign/testing'

const portal = seggwat({ projectKey: 'acme', secret: testSecret('types') })
const user = { id: 42, name: 'Ada' }

// a request of supertest without its types
interface Pending extends PendingRequest, PromiseLike<{ readonly status: number }> {}
declare const pending: Pending

export async function kit(): Promise<void> {
  const { status } = await signed(pending, portal, user)
  const link: string = await signedLink(portal, user, { path: '/board' })
  const { request, expect } = await mint(portal, user, { defect: 'expired' })
  const due: number = expect.status
  // @ts-expect-error had the types become `any`, a number would do
  const wrong: number = request.method
  console.log(status, link, due, wrong)
}

export const names: readonly string[] = [
  ...portalCases(portal, '/board', { user }),
  ...signEndpointCases(portal, '/sign', { asUser: { cookie: 'session=ada' }, user }),
  ...replayStoreCases(memoryReplayStore),
].map(({ name }) => name)

describePortal('http://127.0.0.1:3000', { route: '/board', portal, whoami: ({ text }) => text })

const expired: Defect = 'expired'
export const { says } = DEFECTS[expired]

// @ts-expect-error there is no such defect
export const none: Defect = 'lateForDinner'

// @ts-expect-error a SeggWat user has an id
portalCases(portal, '/board', { user: { name: 'Ada' } })

export const link = createSigner(harlyy({ secret: testSecret('types') })).sign({})

/** A signed request always has a body and headers. */
export async function requestOf(): Promise<readonly [string, Readonly<Record<string, string>>]> {
  const { body, headers } = await createSigner(fdback({ secret: testSecret('types') })).sign({
    email: 'ada@example.com',
  })
  return [body, headers]
}

for (const either of [portal, fdback({ secret: testSecret('types') })]) {
  // @ts-expect-error it may be the SeggWat portal, whose users have an id
  void createSigner(either).sign({ email: 'ada@example.com' })
}

export const stores = [postgres, redis]
