import type { Plan } from '../cases/case'
import type { CaseResponse } from '../cases/response'
import { succeeded } from '../cases/rules'
import type { Stage } from '../cases/stage'
import { createLeakScanner, type Sensitive } from '../leak-scanner'
import { UNAUTHENTICATED } from './due'
import { refusing, signing } from './plans'
import type { SignWorld } from './world'

/** For how long it signs, for which methods, and what it keeps to itself. */
export function conductPlans(world: SignWorld): readonly Plan[] {
  const { secret } = world.options
  return [
    ends(world),
    twice(world),
    otherMethods(world),
    ...(secret === undefined ? [] : [keepsSecret(world, secret)]),
  ]
}

/** For how long an end may lie beyond the longest life, in milliseconds: clocks differ. */
const SLACK = 60_000

function ends(world: SignWorld): Plan {
  const { portal, options } = world
  const longest = portal.scheme.limits.maxLifetime * 1_000
  const body = Buffer.from(JSON.stringify({ expiresIn: 1e9, exp: 1e13, expires: 1e13, ttl: 1e9 }))
  return signing(
    'ends',
    'signs for no longer than its portal takes, whatever is asked',
    async (stage) => {
      const ask = await world.somebody({ headers: [['content-type', 'application/json']], body })
      const asked = await stage.send(ask, 'somebody who asks for a long life')
      const isRefused = [400, 413, 415, 422].includes(asked.status)
      const response = isRefused
        ? await stage.pass(await world.somebody(), 'somebody')
        : stage.expect(asked)
      const { auth } = await world.vouched(stage, response)
      const { expiresAt } = world.replied(stage, response)
      const end = expiresAt ?? auth.expiresAt?.getTime() ?? Infinity
      const now = (options.now ?? Date.now)()
      const told =
        auth.expiresAt === null ||
        expiresAt === null ||
        Math.abs(auth.expiresAt.getTime() - expiresAt) < 1_000
      if (end > now && end <= now + longest + SLACK && told) return response
      return stage.fault(response, {
        received: `an end ${Math.round((end - now) / 1000)} s from now`,
        means:
          'a credential counts for longer than it should, or the frontend believes that it does',
        fix: 'set `expiresIn` in the app, take it from no request, and leave `expiresAt` in the answer as it is',
      })
    },
  )
}

function twice(world: SignWorld): Plan {
  return signing('twice', 'signs a second time, and each time what counts', async (stage) => {
    const first = await stage.pass(await world.somebody(), 'somebody who is signed in')
    const before = await world.vouched(stage, first)
    const response = await stage.pass(await world.somebody(), 'the same once more')
    const after = await world.vouched(stage, response)
    const { nonce } = after.auth
    if (nonce === null || nonce !== before.auth.nonce) return response
    return stage.fault(response, {
      received: 'the same nonce twice',
      means:
        'whoever comes with the second link is told that it was used: the answer was cached, or the nonce was chosen',
      fix: 'let the signer choose the nonce, and keep the answer out of caches',
    })
  })
}

function otherMethods(world: SignWorld): Plan {
  const methods = ['PUT', 'PATCH', 'DELETE', ...(world.portal.scheme.codec.compact ? [] : ['GET'])]
  return refusing(
    'other-methods',
    'signs for no method that it is not meant for',
    async (stage) => {
      for (const method of methods.filter((each) => each !== world.method)) {
        const response = await stage.send(
          await world.somebody({ method }),
          `somebody, with ${method}`,
        )
        if (succeeded(response)) stage.fault(response, wrongMethod)
        if (response.status === 405 && !response.headers['allow']) stage.fault(response, noAllow)
      }
      return stage.refuse(world.nobody(), 'nobody', UNAUTHENTICATED)
    },
  )
}

const wrongMethod = {
  means:
    'the endpoint signs for a method that nobody looks after: caches, CORS and CSRF rules are made for GET and POST',
  fix: 'mount signEndpoint(portal, …) as it is; it refuses other methods with 405',
}

const noAllow = {
  received: 'a 405 that does not say what is allowed',
  means: 'a client cannot know which method to use (RFC 9110 section 15.5.6)',
  fix: 'leave the header `allow` as the endpoint sets it',
}

function keepsSecret(world: SignWorld, secret: NonNullable<SignWorld['options']['secret']>): Plan {
  const list = typeof secret === 'string' || secret instanceof Uint8Array ? [secret] : secret
  const sensitive = list.map((each): Sensitive => ({
    label: 'the secret',
    bytes: Buffer.from(each),
  }))
  return refusing(
    'keeps-secret',
    'keeps the secret to itself, whatever is asked',
    async (stage) => {
      const broken = {
        headers: [['content-type', 'application/json']] as const,
        body: Buffer.from('{'),
      }
      const asks = [
        await world.somebody(),
        await world.somebody(broken),
        await world.somebody({ query: 'debug=1&secret=1' }),
        await world.somebody({ method: 'DELETE' }),
        await world.somebody({ headers: [['Origin', 'https://evil.example']] }),
      ]
      for (const ask of asks) assertQuiet(stage, await stage.send(ask, 'somebody'), sensitive)
      const response = await stage.refuse(world.nobody(), 'nobody', UNAUTHENTICATED)
      assertQuiet(stage, response, sensitive)
      return response
    },
  )
}

function assertQuiet(stage: Stage, response: CaseResponse, sensitive: readonly Sensitive[]): void {
  const { text, rawHeaders } = response
  const all = [text, ...rawHeaders.map(([, value]) => value)].join('\n')
  if (createLeakScanner().leaksIn(all, sensitive).length === 0) return
  stage.fault(response, {
    received: 'an answer with the secret in it',
    means: 'whoever calls can sign anybody from now on',
    fix: 'replace the secret at once, and put it into no answer, no page and no bundle',
  })
}
