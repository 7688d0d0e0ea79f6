import { isInUrl } from '../minting/format'
import type { WireHeader } from '../minting/request'
import { MISSING, type PortalCase, type World } from './world'

const isCompact = ({ portal }: World): boolean => portal.scheme.codec.compact
const hasBody = ({ method }: World): boolean => /^(?:POST|PUT|PATCH)$/.test(method)

const BODIES = { 'application/json': '{"a":1}', 'application/x-www-form-urlencoded': 'a=1' }

function withType<Sent extends { readonly headers: readonly WireHeader[] }>(
  ask: Sent,
  type: string,
) {
  const others = ask.headers.filter(([name]) => name.toLowerCase() !== 'content-type')
  return { ...ask, headers: [...others, ['Content-Type', type] as const] }
}

export const signedUser: PortalCase = {
  id: 'signed-user',
  name: 'lets a signed user in',
  play: async (stage, { valid }) => stage.pass(await valid(), 'a signed user'),
}

/** Other requests that must be let in, and what they must leave as it was. */
export const admittedCases: readonly PortalCase[] = [
  {
    id: 'twice',
    name: 'lets a signed user in a second time',
    when: ({ isUsedUp }) => !isUsedUp,
    async play(stage, { valid }) {
      const ask = await valid()
      await stage.pass(ask, 'a signed user')
      return stage.pass(ask, 'the same request again', {
        tells:
          'a credential that may be used again is refused the second time → remove what remembers used credentials, or let `consume` name the methods that use one up',
      })
    },
  },
  {
    id: 'beside-parameters',
    name: 'lets a signed user in beside parameters',
    async play(stage, { valid }) {
      const ask = await valid()
      const query = ['utm_source=mail', ask.query, 'page=1&page=2', 'q=a%20b+c'].filter(Boolean)
      return stage.pass({ ...ask, query: query.join('&') }, 'a signed user', {
        tells:
          'a query with other parameters is refused: something before the guard checks it → let parameters that the page does not know pass; links in mails often have some',
      })
    },
  },
  {
    id: 'unescaped', // some apps put the signature into a URL as it is: a plus is a plus there
    name: 'lets a signed user in by a link without escapes',
    when: ({ portal }) => isInUrl(portal),
    async play(stage, { valid }) {
      let ask = await valid()
      // half of all signatures in base64 have a plus
      for (let tries = 0; tries < 64 && !/%2B/i.test(ask.query); tries++) ask = await valid()
      const query = ask.query.replaceAll(/%(?:2B|2F|3D)/gi, decodeURIComponent)
      return stage.pass({ ...ask, query }, 'a signed user, the link not encoded', {
        tells:
          'a `+` in a link is read as a space: the query is parsed before the guard, or as a form → let the guard read the URL as it was sent',
      })
    },
  },
  {
    id: 'signed-body', // the bytes that were signed must reach the guard, however they are sent
    name: 'accepts a signed body in pieces, and under other spellings of its type',
    when: (world) => !isCompact(world),
    async play(stage, { valid }) {
      for (const size of [Infinity, 1]) {
        const { body = new Uint8Array(), ...ask } = await valid()
        const starts = Array.from({ length: Math.ceil(body.length / size) || 1 }, (_, at) => at)
        const pieces = starts.map((at) => body.subarray(at && at * size, (at + 1) * size))
        await stage.pass({ ...ask, pieces }, 'a signed body, sent chunked')
      }
      await stage.pass(withType(await valid(), 'APPLICATION/JSON'), 'a signed body as JSON')
      const type = 'application/json; charset=utf-8'
      return stage.pass(withType(await valid(), type), `a signed body as ${type}`)
    },
  },
  {
    id: 'own-body', // a body that is not signed belongs to the handler, which may refuse it
    name: 'lets a signed user in who posts JSON or a form',
    when: (world) =>
      isCompact(world) && hasBody(world) && world.portal.scheme.carrier.output !== 'form',
    async play(stage, { valid }) {
      for (const [type, body] of Object.entries(BODIES)) {
        const posted = { ...withType(await valid(), type), body: Buffer.from(body) }
        const response = await stage.send(posted, `a signed user, with ${type}`)
        const isHandlers = [400, 415, 422].includes(response.status) && response.code === null
        if (!isHandlers) stage.expect(response)
      }
      return stage.pass(await valid(), 'a signed user')
    },
  },
  {
    id: 'bearer',
    name: 'lets a signed user in with `Authorization: Bearer`',
    when: ({ options }) => options.bearer === true,
    play: async (stage, { valid }) =>
      stage.pass(await valid({ carrier: 'bearer' }), 'a signed user, as a bearer token', {
        tells:
          'the guard does not read `Authorization`: it was made without `bearer: true`, or something removes the header → make the guard with `bearer: true`, or leave `bearer` out here',
      }),
  },
  {
    id: 'good-after-bad', // a refusal must leave the connection as the next request needs it
    name: 'lets a signed user in on a connection with a refused request',
    async play(stage, world) {
      const ask = world.anonymous()
      const body = Buffer.from(`{"text":"${'x'.repeat(4_000)}"}`)
      const posted = { ...withType(ask, 'application/json'), body }
      await stage.send(hasBody(world) ? posted : ask, 'no credential')
      return stage.pass(await world.valid(), 'a signed user, on the same connection')
    },
  },
  {
    id: 'anonymous-after-user',
    name: 'refuses a request without a credential on a signed user’s connection',
    when: ({ optional }) => !optional,
    async play(stage, { valid, anonymous }) {
      await stage.pass(await valid(), 'a signed user')
      return stage.refuse(anonymous(), 'no credential, on the same connection', MISSING)
    },
  },
]
