import { admitting, refusing, type Plan } from '../cases/case'
import { overridden } from '../cases/changes'
import { leaks } from '../cases/leaks'
import { allText, succeeded, type CaseResponse } from '../cases/response'
import type { Stage } from '../cases/stage'
import { TEST_SECRET } from '../test-secret'
import { isLike, isSigned } from './reply'
import { UNAUTHENTICATED, type Change, type SignWorld } from './world'

/** For how long the endpoint signs, for which methods, and what it keeps to itself. */
export function conductPlans(world: SignWorld): readonly Plan[] {
  const { secret } = world.options
  const secrets = [secret ?? []].flat() as readonly (string | Uint8Array)[] // one or several
  return [
    ends(world),
    twice(world),
    otherMethods(world),
    ...(secrets.length === 0 ? [] : [keepsSecret(world, secrets)]),
  ]
}

/** How far an end may lie beyond the longest lifetime, in milliseconds: clocks differ. */
const SLACK = 60_000
const LONG = JSON.stringify({ expiresIn: 1e9, exp: 1e13, expires: 1e13, ttl: 1e9 })

function ends(world: SignWorld): Plan {
  const { portal, options } = world
  const longest = portal.scheme.limits.maxLifetime * 1_000
  const { issuedAt, expiresAt: expiry } = portal.scheme.claims
  const isTimed = issuedAt !== undefined || expiry !== undefined
  const name = 'signs for no longer than the portal allows, whatever the request asks for'
  return admitting('ends', name, async (stage) => {
    const plain = await world.plain(stage)
    const ask = await world.signedIn(withJson(LONG))
    const asked = await stage.send(ask, 'a signed-in user who asks for a long lifetime')
    const response = isLike(plain, asked, portal) ? asked : plain
    const { auth } = await world.vouched(stage, response)
    const { expiresAt } = world.replied(stage, response)
    const signed = auth.expiresAt?.getTime() ?? null
    const end = expiresAt ?? signed ?? Infinity
    const now = (options.now ?? Date.now)()
    if (!isTimed && expiresAt === null) return response // the portal keeps the time
    const isTold = signed === null || expiresAt === null || Math.abs(signed - expiresAt) < 1_000
    if (end > now && end <= now + longest + SLACK && isTold) return response
    return stage.fault(response, {
      received: `an end ${Math.round((end - now) / 1000)} s from now`,
      tells:
        'a credential lives longer than it should, or `expiresAt` tells the frontend another end than the credential has → set `expiresIn` in the app, never from a request, and leave `expiresAt` as signEndpoint(portal, …) sets it',
    })
  })
}

function withJson(body: string): Change {
  return { headers: [['content-type', 'application/json']], body: Buffer.from(body) }
}

function twice(world: SignWorld): Plan {
  const name = 'signs a user a second time, with a credential of its own'
  return admitting('twice', name, async (stage) => {
    const before = await world.vouched(stage, await world.plain(stage))
    const response = await world.plain(stage)
    const { nonce } = (await world.vouched(stage, response)).auth
    const isChosenByPortal = world.portal.scheme.arrival?.signed !== undefined
    if (nonce === null || isChosenByPortal || nonce !== before.auth.nonce) return response
    return stage.fault(response, {
      received: 'the same nonce twice',
      tells:
        'a second one-time link counts as used when it is opened: the answer was cached, or the app chose the nonce → let the signer choose the nonce, and keep the answer out of caches',
    })
  })
}

function otherMethods(world: SignWorld): Plan {
  const { method, portal } = world
  const isPosted = !portal.scheme.codec.compact && world.options.respond !== 'redirect'
  const others = ['PUT', 'PATCH', 'DELETE', ...(isPosted ? ['GET'] : [])]
  const name = 'signs for no method other than the endpoint’s own'
  return refusing('other-methods', name, UNAUTHENTICATED, async (stage) => {
    for (const other of others.filter((each) => each !== method)) {
      const ask = await world.signedIn({ method: other })
      assertNotSigned(world, stage, await stage.send(ask, `a signed-in user, with ${other}`))
    }
    if (method === 'POST' && isPosted) {
      const ask = await world.signedIn(overridden(() => world.signedOut(), 'POST'))
      const what = 'a signed-in user, with a GET that is overridden to be a POST'
      assertNotSigned(world, stage, await stage.send({ ...ask, method: 'GET' }, what))
    }
    return stage.refuse(world.signedOut(), 'a signed-out visitor', UNAUTHENTICATED)
  })
}

function assertNotSigned({ portal }: SignWorld, stage: Stage, response: CaseResponse): void {
  if (succeeded(response) && isSigned(response, portal)) {
    stage.fault(response, {
      severity: 'a way in',
      tells:
        'the endpoint signs for a method that it was not made for: protections for POST do not cover it → mount signEndpoint(portal, …) as it is, without overriding methods: it refuses other methods with 405',
    })
  }
  if (response.status !== 405 || response.headers['allow']) return
  stage.fault(response, {
    received: 'a 405 without `Allow`',
    severity: 'strictness',
    tells:
      'a client cannot know which method to use (RFC 9110 section 15.5.6) → keep the header `allow` as the endpoint sets it',
  })
}

/** Requests whose answers may show more than they should. */
const PROBES: readonly Change[] = [
  {},
  withJson('{'),
  { query: 'debug=1&secret=1' },
  { method: 'DELETE' },
  { headers: [['Origin', 'https://evil.example']] },
]

function keepsSecret(world: SignWorld, secrets: readonly (string | Uint8Array)[]): Plan {
  const sensitive = secrets.map((each) => {
    const bytes = Buffer.from(each as string) // or bytes
    // a path such as node_modules/countersign-… is no secret
    const isForTests = bytes.toString('latin1').startsWith(TEST_SECRET)
    return isForTests ? bytes.subarray(TEST_SECRET.length) : bytes
  })
  return refusing('keeps-secret', 'keeps the secret to itself', UNAUTHENTICATED, async (stage) => {
    for (const probe of PROBES) {
      const ask = await world.signedIn(probe)
      assertQuiet(stage, await stage.send(ask, 'a signed-in user'), sensitive)
    }
    const response = await stage.refuse(world.signedOut(), 'a signed-out visitor', UNAUTHENTICATED)
    assertQuiet(stage, response, sensitive)
    return response
  })
}

function assertQuiet(stage: Stage, response: CaseResponse, secrets: readonly Buffer[]): void {
  if (!secrets.some((secret) => leaks(allText(response), secret))) return
  stage.fault(response, {
    received: 'an answer with the secret in it',
    severity: 'a way in',
    tells:
      'the secret is public: anyone who has it can sign any user → replace the secret, and put it into no answer, page or bundle',
  })
}
