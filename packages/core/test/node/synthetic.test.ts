import { EventEmitter, once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import serverlessExpress from '@codegenie/serverless-express'
import { createGuard, createSignEndpoint } from '@countersign/core'
import { NodeView, settleOnAnswer, type BodyHolder } from '@countersign/core/node'
import { fdback, featkit, harlyy } from '@countersign/core/schemes'
import { createMocks } from 'node-mocks-http'
import serverless from 'serverless-http'
import { forgeLink, forgeMessage, forgeOnce } from '../support/forge'
import { NOW, now } from '../support/request'
import { CURRENT, FOREIGN } from '../support/secrets'

// Hosts whose requests Node's parser did not make. Their own packages make the requests here.

const links = featkit({ secret: CURRENT, slug: 'acme' })
const messages = fdback({ secret: FOREIGN })
const guard = createGuard([links, messages], { now, bearer: true })
const leasing = createGuard(harlyy({ secret: CURRENT }), { now, consume: { lease: 30 } })
const sign = createSignEndpoint(links, { now, user: () => ({ id: 'u1' }) })

/** `/sign` is a sign endpoint; a guard protects everything else, and holds `/survey` on lease. */
async function app(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const target = req.url ?? '/'
  const view = new NodeView(req, req as BodyHolder, target, req)
  if (target.startsWith('/sign')) return send(res, await sign(view))
  const decision = await (target.startsWith('/survey') ? leasing : guard).decide(view)
  if (!decision.pass) return send(res, decision.response)
  if (decision.reservation) settleOnAnswer(res, decision.reservation)
  send(res, { status: 200, body: decision.verified?.user.id ?? 'anonymous' })
}

function send(res: ServerResponse, { status, body }: Answer): void {
  res.statusCode = status
  res.end(body)
}

interface Answer {
  readonly status: number
  readonly body: string
}

interface Sent {
  readonly method?: string
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

type Host = (sent: Sent) => Promise<Answer>

/** A handler of the HTTP API of AWS API Gateway. */
function lambda(handler: (event: object, context: object) => unknown): Host {
  return async ({ method = 'GET', url, headers = {}, body = '' }) => {
    const { pathname, search } = new URL(url, 'https://lambda.example')
    const http = { method, path: pathname, sourceIp: '127.0.0.1' }
    const event = { version: '2.0', rawPath: pathname, rawQueryString: search.slice(1) }
    const sent = { headers, body, isBase64Encoded: false, requestContext: { http } }
    const result = (await handler({ ...event, ...sent }, {})) as {
      statusCode: number
      body: string
    } // of API Gateway
    return { status: result.statusCode, body: result.body }
  }
}

const onMocks: Host = async ({ method = 'GET', url, headers = {}, body }) => {
  const parts = { method, url, headers, ...(body !== undefined && { rawBody: body }) }
  const { req, res } = createMocks(parts as object, { eventEmitter: EventEmitter })
  const ended = once(res, 'end')
  await app(req as unknown as IncomingMessage, res as unknown as ServerResponse) // as much of them as it has
  await ended
  return { status: res.statusCode, body: String(res._getData()) }
}

const HOSTS: readonly (readonly [string, Host])[] = [
  ['serverless-http', lambda(serverless(app))],
  ['@codegenie/serverless-express', lambda(serverlessExpress({ app }))],
  ['node-mocks-http', onMocks],
]

const { headers, body } = forgeMessage({ secret: FOREIGN })
const message = {
  ...{ method: 'POST', url: '/', body: body.toString() },
  headers: { ...Object.fromEntries(headers), 'Content-Type': 'application/json' },
}

describe.each(HOSTS)('on %s', (name, ask) => {
  it('a link in the URL and a bearer token are verified', async () => {
    expect(await ask({ url: `/p?token=${forgeLink()}` })).toEqual({ status: 200, body: 'u1' })
    const bearer = { url: '/', headers: { Authorization: `Bearer ${forgeLink()}` } }
    expect(await ask(bearer)).toEqual({ status: 200, body: 'u1' })
    const foreign = { url: '/', headers: { Authorization: `Bearer ${forgeLink({}, FOREIGN)}` } }
    expect((await ask(foreign)).status).toBe(401)
  })

  it('a signed message is verified', async () => {
    expect(await ask(message)).toEqual({ status: 200, body: 'ada@example.com' })
    const other = message.body.replace('ada', 'eve')
    expect((await ask({ ...message, body: other })).status).toBe(401)
  })

  it('a sign endpoint refuses calls from other sites', async () => {
    const call = async (from: Record<string, string>) =>
      (await ask({ method: 'POST', url: '/sign', headers: { Host: 'app.example', ...from } }))
        .status
    expect(await call({ 'Sec-Fetch-Site': 'same-origin' })).toBe(200)
    expect(await call({ 'Sec-Fetch-Site': 'cross-site' })).toBe(403)
    expect(await call({ Origin: 'https://app.example' })).toBe(200)
    expect(await call({ Origin: 'https://evil.example' })).toBe(403)
    expect(await call({ 'Content-Type': 'text/plain' })).toBe(403)
  })

  it('a response settles a lease', async () => {
    const link = forgeOnce({ nonce: name, exp: NOW + 60_000 })
    const vote = { method: 'POST', url: `/survey?sig=${encodeURIComponent(link)}` }
    expect([(await ask(vote)).status, (await ask(vote)).status]).toEqual([200, 401])
  })
})
