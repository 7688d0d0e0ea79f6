import { isInUrl } from '../minting/format'
import type { WireRequest } from '../minting/request'
import { MISSING, type PortalCase, type World } from './world'

const hasBody = ({ method }: World): boolean => /^(?:POST|PUT|PATCH)$/.test(method)

const withType = (ask: WireRequest, type: string): WireRequest => ({
  ...ask,
  headers: [
    ...ask.headers.filter(([name]) => name.toLowerCase() !== 'content-type'),
    ['Content-Type', type],
  ],
})

/** Requests that must be let in, and what they must leave as it was. */
export const [signedUser, ...admittedCases]: readonly [PortalCase, ...PortalCase[]] = [
  {
    id: 'signed-user',
    name: 'lets a signed user in',
    play: async (stage, { valid }) => stage.pass(await valid(), 'a signed user'),
  },
  {
    id: 'twice',
    name: 'lets a signed user in a second time',
    when: ({ isUsedUp }) => !isUsedUp,
    async play(stage, { valid }) {
      const ask = await valid()
      await stage.pass(ask, 'a signed user')
      await stage.pass(ask, 'the same request again', {
        tells:
          'a credential that may be used again is refused the second time → remove what remembers used credentials, or let `consume` name the methods that use one up',
      })
    },
  },
  {
    id: 'other-links', // some apps put the signature into a URL as it is: a plus is a plus there
    name: 'accepts a link with more parameters, and without percent-encoding',
    async play(stage, { valid, portal }) {
      let ask = await valid()
      const query = ['utm_source=mail', ask.query, 'page=1&page=2', 'q=a%20b+c'].filter(Boolean)
      await stage.pass({ ...ask, query: query.join('&') }, 'a signed user, beside parameters', {
        tells:
          'a query with other parameters is refused: something before the guard checks it → let parameters that the page does not know pass; links in mails often have some',
      })
      if (!isInUrl(portal)) return
      ask = await valid() // half of all signatures in base64 have a plus
      for (let tries = 0; tries < 64 && !/%2B/i.test(ask.query); tries++) ask = await valid()
      const plain = ask.query.replaceAll(/%(?:2B|2F|3D)/gi, decodeURIComponent)
      await stage.pass({ ...ask, query: plain }, 'a signed user, the link not encoded', {
        tells:
          'a `+` in a link is read as a space: the query is parsed before the guard, or as a form → let the guard read the URL as it was sent',
      })
    },
  },
  {
    id: 'signed-body', // the bytes that were signed must reach the guard, however they are sent
    name: 'accepts a signed body in pieces, and under other spellings of its type',
    when: ({ portal }) => !portal.scheme.codec.compact,
    async play(stage, { valid }) {
      for (const size of [16_384, 1]) {
        const ask = await valid()
        const bytes = ask.body ?? new Uint8Array()
        const starts = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) => at * size)
        const body = starts.map((at) => bytes.subarray(at, at + size))
        await stage.pass({ ...ask, body }, 'a signed body, sent chunked')
      }
      for (const type of ['APPLICATION/JSON', 'application/json; charset=utf-8'])
        await stage.pass(withType(await valid(), type), `a signed body as ${type}`)
    },
  },
  {
    id: 'own-body', // a body that is not signed belongs to the handler, which may refuse it
    name: 'lets in a signed user who posts JSON or a form',
    when: (world) => {
      const { codec, carrier } = world.portal.scheme
      return codec.compact && hasBody(world) && carrier.output !== 'form'
    },
    async play(stage, { valid }) {
      const bodies = { 'application/json': '{"a":1}', 'application/x-www-form-urlencoded': 'a=1' }
      for (const [type, body] of Object.entries(bodies)) {
        const posted = { ...withType(await valid(), type), body: Buffer.from(body) }
        const response = await stage.send(posted, `a signed user, with ${type}`)
        const isHandlers = [400, 415, 422].includes(response.status) && response.code === null
        if (!isHandlers) stage.expect(response)
      }
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
    id: 'connection', // neither a refusal nor a user may remain for the next request
    name: 'checks every request on a connection',
    async play(stage, world) {
      const ask = world.anonymous()
      const body = Buffer.from(`{"text":"${'x'.repeat(4_000)}"}`)
      const posted = { ...withType(ask, 'application/json'), body }
      await stage.send(hasBody(world) ? posted : ask, 'no credential')
      await stage.pass(await world.valid(), 'a signed user, on the same connection')
      if (!world.optional) await stage.refuse(ask, 'no credential, on the same connection', MISSING)
    },
  },
]
