import { admitting, refusing, type Plan } from '../cases/case'
import { DEFECTS, type Defect } from '../defects/defects'
import { isInUrl } from '../minting/format'
import type { WireHeader } from '../minting/request'
import { dueTo, MISSING, type World } from './world'

export function signedUser({ valid }: World): Plan {
  return admitting('signed-user', 'lets a signed user in', async (stage) =>
    stage.pass(await valid(), 'a signed user'),
  )
}

/** What the portal's own rules refuse. */
export function defectPlans(world: World): readonly Plan[] {
  return world.defects.map((defect) => defectPlan(world, defect))
}

function defectPlan({ optional, wrong, valid, portal }: World, defect: Defect): Plan {
  const { says, severity } = DEFECTS[defect]
  const expect = dueTo(optional, defect)
  const name = `${expect.code === null ? 'lets in' : 'refuses'} ${says}`
  const plan = refusing(defect, name, expect, async (stage) => {
    const { before, request } = await wrong(defect)
    for (const each of before) await stage.pass(each, 'the same credential, the first time')
    const response = await stage.send(request, `${says} (defect "${defect}")`, expect)
    // a parser before the guard, with `keepRawBody`, may refuse a body that it cannot read
    const isParsers = response.code === null && [400, 413, 415, 422].includes(response.status)
    if (portal.scheme.codec.compact || !isParsers) return stage.expect(response)
    return stage.pass(await valid(), 'a signed user, after a parser refused another')
  })
  return { ...plan, severity }
}

/** Other requests that must be let in. */
export function admittedPlans(world: World): readonly Plan[] {
  const { singleUse, portal, options, method } = world
  const isCompact = portal.scheme.codec.compact
  const isForm = portal.scheme.carrier.output === 'form' // the body is the credential's
  return [
    ...(singleUse ? [] : [twice(world)]),
    besideParameters(world),
    ...(isInUrl(portal) ? [unescaped(world)] : []),
    ...(isCompact ? [] : [signedBody(world)]),
    ...(isCompact && !isForm && hasBody(method) ? [ownBody(world)] : []),
    ...(options.bearer ? [bearerPlan(world)] : []),
    validAfterRefused(world),
  ]
}

function twice({ valid }: World): Plan {
  return admitting('twice', 'lets a signed user in a second time', async (stage) => {
    const ask = await valid()
    await stage.pass(ask, 'a signed user')
    return stage.pass(ask, 'the same request again', {
      tells:
        'a credential that may be used again is refused the second time → remove what remembers used credentials: this portal’s are valid until they expire',
    })
  })
}

function besideParameters({ valid }: World): Plan {
  return admitting(
    'beside-parameters',
    'lets a signed user in beside parameters',
    async (stage) => {
      const ask = await valid()
      const query = ['utm_source=mail', ask.query, 'page=1&page=2', 'q=a%20b+c'].filter(Boolean)
      return stage.pass({ ...ask, query: query.join('&') }, 'a signed user', {
        tells:
          'a query with other parameters is refused: something before the guard checks it → let parameters that the page does not know pass; links in mails often have some',
      })
    },
  )
}

/** Some apps put the signature into a URL as it is: a plus is a plus there, not a space. */
function unescaped({ valid }: World): Plan {
  const name = 'lets a signed user in by a link without escapes'
  return admitting('unescaped', name, async (stage) => {
    let ask = await valid()
    // half of all signatures in base64 have a plus
    for (let tries = 0; tries < 64 && !/%2B/i.test(ask.query); tries++) ask = await valid()
    const query = ask.query.replaceAll(/%(?:2B|2F|3D)/gi, decodeURIComponent)
    return stage.pass({ ...ask, query }, 'a signed user, the link not encoded', {
      tells:
        'a `+` in a link is read as a space: the query is parsed before the guard, or as a form → let the guard read the URL as it was sent',
    })
  })
}

/** The bytes that were signed must reach the guard, however they are sent. */
function signedBody({ valid }: World): Plan {
  const name = 'accepts a signed body in pieces, and under other spellings of its type'
  return admitting('signed-body', name, async (stage) => {
    for (const size of [Infinity, 1]) {
      const { body = new Uint8Array(), ...ask } = await valid()
      const starts = Array.from({ length: Math.ceil(body.length / size) || 1 }, (_, at) => at)
      const pieces = starts.map((at) => body.subarray(at && at * size, (at + 1) * size))
      await stage.pass({ ...ask, pieces }, 'a signed body, sent chunked')
    }
    await stage.pass(withType(await valid(), 'APPLICATION/JSON'), 'a signed body as JSON')
    const type = 'application/json; charset=utf-8'
    return stage.pass(withType(await valid(), type), `a signed body as ${type}`)
  })
}

function withType<Sent extends { readonly headers: readonly WireHeader[] }>(
  ask: Sent,
  type: string,
) {
  const others = ask.headers.filter(([name]) => name.toLowerCase() !== 'content-type')
  return { ...ask, headers: [...others, ['Content-Type', type] as const] }
}

const BODIES: Readonly<Record<string, string>> = {
  'application/json': '{"a":1}',
  'application/x-www-form-urlencoded': 'a=1',
}

const hasBody = (method: string): boolean => /^(?:POST|PUT|PATCH)$/.test(method)

/** A body that is not signed belongs to the handler, which may refuse it. */
function ownBody({ valid }: World): Plan {
  return admitting('own-body', 'lets a signed user in who posts JSON or a form', async (stage) => {
    for (const [type, body] of Object.entries(BODIES)) {
      const posted = { ...withType(await valid(), type), body: Buffer.from(body) }
      const response = await stage.send(posted, `a signed user, with ${type}`)
      const isHandlers = [400, 415, 422].includes(response.status) && response.code === null
      if (!isHandlers) stage.expect(response)
    }
    return stage.pass(await valid(), 'a signed user')
  })
}

function bearerPlan({ valid }: World): Plan {
  return admitting('bearer', 'lets a signed user in with `Authorization: Bearer`', async (stage) =>
    stage.pass(await valid({ carrier: 'bearer' }), 'a signed user, as a bearer token', {
      tells:
        'the guard does not read `Authorization`: it was made without `bearer: true`, or something removes the header → make the guard with `bearer: true`, or leave `bearer` out here',
    }),
  )
}

/** A refusal must leave the connection as the next request needs it, the unread body included. */
function validAfterRefused({ anonymous, method, valid }: World): Plan {
  const name = 'lets a signed user in on a connection with a refused request'
  return admitting('good-after-bad', name, async (stage) => {
    const line = stage.inLine()
    const body = hasBody(method) ? Buffer.from(`{"text":"${'x'.repeat(4_000)}"}`) : undefined
    const ask = { ...anonymous(), body }
    await line.send(body ? withType(ask, 'application/json') : ask, 'no credential')
    return line.pass(await valid(), 'a signed user, on the same connection')
  })
}

/** What the guard decided about one request must not serve the next. */
export function anonymousAfterUser({ anonymous, valid }: World): Plan {
  const name = 'refuses a request without a credential on a signed user’s connection'
  return refusing('anonymous-after-user', name, MISSING, async (stage) => {
    const line = stage.inLine()
    await line.pass(await valid(), 'a signed user')
    const response = await line.send(anonymous(), 'no credential, on the same connection', MISSING)
    return line.expect(response, {
      tells:
        'a visitor is let in after a signed user: the app remembers its connection, which a proxy shares among users → keep nothing about a user outside of the request',
    })
  })
}
