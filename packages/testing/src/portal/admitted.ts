import { admitting, refusing, type Plan } from '../cases/case'
import type { CaseResponse } from '../cases/response'
import type { Stage } from '../cases/stage'
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
  const what = `${says} (defect "${defect}")`
  const name = `${expect.code === null ? 'lets in' : 'refuses'} ${says}`
  const plan = refusing(defect, name, expect, async (stage) => {
    const { before, request } = await wrong(defect)
    for (const each of before) await stage.pass(each, 'the same credential, the first time')
    const response = await stage.send(request, what, expect)
    // a parser before the guard, with `keepRawBody`, may refuse a body that it cannot read
    const isParsers = response.code === null && [400, 413, 415, 422].includes(response.status)
    if (portal.scheme.codec.compact || !isParsers) return stage.expect(response)
    return stage.pass(await valid(), 'a signed user, after a parser refused another')
  })
  return { ...plan, severity }
}

/** Other requests that must be let in. */
export function admittedPlans(world: World): readonly Plan[] {
  const { valid, singleUse, portal, options } = world
  return [
    ...(singleUse ? [] : [twice(world)]),
    admitting('beside-parameters', 'lets a signed user in beside parameters', async (stage) => {
      const ask = await valid()
      const query = ['utm_source=mail', ask.query, 'page=1&page=2', 'q=a%20b+c'].filter(Boolean)
      return stage.pass({ ...ask, query: query.join('&') }, 'a signed user', {
        tells:
          'a query with other parameters is refused: something before the guard checks it → let parameters that the page does not know pass; links in mails often have some',
      })
    }),
    ...(isInUrl(portal) ? [unescaped(world)] : []),
    ...(portal.scheme.codec.compact ? ownBodyPlans(world) : signedBodyPlans(world)),
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

/** Some apps put the signature into a URL as it is: a plus is a plus there, not a space. */
function unescaped({ valid }: World): Plan {
  return admitting(
    'unescaped',
    'lets a signed user in by a link without escapes',
    async (stage) => {
      let ask = await valid()
      // half of all signatures in base64 have a plus
      for (let tries = 0; tries < 64 && !/%2B/i.test(ask.query); tries++) ask = await valid()
      const query = ask.query.replaceAll(/%(?:2B|2F|3D)/gi, decodeURIComponent)
      return stage.pass({ ...ask, query }, 'a signed user, the link not encoded', {
        tells:
          'a `+` in a link is read as a space: the query is parsed before the guard, or as a form → let the guard read the URL as it was sent',
      })
    },
  )
}

/** The bytes that were signed must reach the guard, however they are sent. */
function signedBodyPlans({ valid }: World): readonly Plan[] {
  const inPieces = (cut: (body: Buffer) => readonly Uint8Array[]) => async (stage: Stage) => {
    const { body, ...ask } = await valid()
    const pieces = cut(Buffer.from(body ?? []))
    return stage.pass({ ...ask, pieces }, 'a signed body, sent chunked')
  }
  const typed = (type: string) => async (stage: Stage) => {
    const ask = await valid()
    const others = ask.headers.filter(([name]) => name.toLowerCase() !== 'content-type')
    const headers: WireHeader[] = [...others, ['Content-Type', type]]
    return stage.pass({ ...ask, headers }, `a signed body as ${type}`)
  }
  const whole = inPieces((body) => [body])
  const bytes = inPieces((body) => Array.from(body, (byte) => Buffer.of(byte)))
  return [
    admitting('chunked-body', 'accepts a signed body that is sent chunked', whole),
    admitting('many-chunks', 'accepts a signed body that is sent byte by byte', bytes),
    ...['application/json; charset=utf-8', 'APPLICATION/JSON'].map((type) =>
      admitting(`body-as-${type}`, `accepts a signed body as ${type}`, typed(type)),
    ),
  ]
}

const BODIES: readonly (readonly [id: string, type: string, body: string])[] = [
  ['json-body', 'application/json', '{"a":1}'],
  ['form-body', 'application/x-www-form-urlencoded', 'a=1'],
]

const hasBody = (method: string): boolean => /^(?:POST|PUT|PATCH)$/.test(method)

/** A body that is not signed belongs to the handler, which may refuse it. */
function ownBodyPlans({ valid, method }: World): readonly Plan[] {
  return (hasBody(method) ? BODIES : []).map(([id, type, body]) =>
    admitting(id, `lets a signed user in who posts ${type}`, async (stage) => {
      const ask = await valid()
      const headers: WireHeader[] = [...ask.headers, ['Content-Type', type]]
      const posted = { ...ask, headers, body: Buffer.from(body) }
      const response = await stage.send(posted, `a signed user, with ${type}`)
      const isHandlers = [400, 415, 422].includes(response.status) && response.code === null
      if (!isHandlers) stage.expect(response)
      return stage.pass(await valid(), 'a signed user')
    }),
  )
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
    const headers: WireHeader[] = body ? [['Content-Type', 'application/json']] : []
    await line.send({ ...anonymous(), headers, body }, 'no credential')
    return line.pass(await valid(), 'a signed user, on the same connection')
  })
}

/** What the guard decided about one request must not serve the next. */
export function anonymousAfterUser({ anonymous, valid }: World): Plan {
  const name = 'refuses a request without a credential on a signed user’s connection'
  const play = async (stage: Stage): Promise<CaseResponse> => {
    const line = stage.inLine()
    await line.pass(await valid(), 'a signed user')
    return line.refuse(anonymous(), 'no credential, on the same connection', MISSING)
  }
  return refusing('stranger-after-user', name, MISSING, play)
}
