import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { Failure, toldBy } from '../failure'
import type { Opened } from '../portals'
import { checkPane } from './check-pane'
import { html, toText, type Html } from './html'
import { page } from './page'
import { signPane } from './sign-pane'
import { STYLE } from './style'

export interface Running {
  readonly url: string
  close(): Promise<void>
}

/**
 * Starts the debugger on the loopback interface. Its address contains a random key, without which
 * nothing is answered: other users of the machine cannot sign with it.
 */
export async function startDebugger(opened: Opened, port: number): Promise<Running> {
  const key = randomBytes(16).toString('hex')
  const server = createServer((request, response) => {
    answer(opened, key, request).then(
      (answered) => send(response, answered),
      () => send(response, text(500, 'The debugger failed')),
    )
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening').catch((error: NodeJS.ErrnoException) => {
    throw new Failure(`Port ${port} cannot be used (${error.code}).`)
  })
  const { port: used } = server.address() as AddressInfo // it listens
  return {
    url: `http://127.0.0.1:${used}/${key}/`,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

interface Answer {
  readonly status: number
  readonly type: string
  readonly body: string
}

const text = (status: number, body: string): Answer => ({ status, type: 'text/plain', body })

async function answer(opened: Opened, key: string, request: IncomingMessage): Promise<Answer> {
  const { host = '', origin } = request.headers
  const isOurs = /^(?:127\.0\.0\.1|localhost)(?::\d+)?$/.test(host) // not a name that was rebound
  const path = request.url ?? ''
  if (!isOurs || !path.startsWith(`/${key}/`)) return text(404, 'Not found')
  const name = path.slice(key.length + 2)
  if (request.method === 'GET') return resource(name, opened)
  if (request.method !== 'POST') return text(405, 'Use GET or POST')
  if (origin !== undefined && origin !== `http://${host}`) return text(403, 'Another site called')
  const form = new URLSearchParams(await bodyOf(request))
  const pane = name === 'check' ? checkPane : name === 'sign' ? signPane : undefined
  return pane ? document(await pane(form, opened).catch(failed)) : text(404, 'Not found')
}

function failed(error: unknown): Html {
  return html`<p class="verdict refused"><strong>Failed</strong> ${toldBy(error).text}</p>`
}

function document(content: Html): Answer {
  return { status: 200, type: 'text/html', body: toText(content) }
}

function resource(name: string, opened: Opened): Answer {
  if (name === '') return document(page(opened))
  if (name === 'style.css') return { status: 200, type: 'text/css', body: STYLE }
  if (name !== 'browser.js') return text(404, 'Not found')
  const script = readFileSync(join(__dirname, 'browser.js'), 'utf8') // beside the bundle
  return { status: 200, type: 'text/javascript', body: script }
}

/** Bytes; what can be explained is smaller. */
const LONGEST = 262_144

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request) {
    chunks.push(chunk as Buffer) // nothing has set an encoding
    length += (chunk as Buffer).length
    if (length > LONGEST) throw new Error('The form is too large')
  }
  return Buffer.concat(chunks).toString('utf8')
}

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  'img-src data:', // the empty icon
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

function send(response: ServerResponse, { status, type, body }: Answer): void {
  response.writeHead(status, {
    'Content-Type': `${type}; charset=utf-8`,
    'Content-Security-Policy': POLICY,
    'Cache-Control': 'no-store',
    'Referrer-Policy': 'same-origin', // with `no-referrer`, the `Origin` of a form is null
    'X-Content-Type-Options': 'nosniff',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
  })
  response.end(body)
}
