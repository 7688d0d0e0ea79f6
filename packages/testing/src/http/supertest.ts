import type { ClientRequest, IncomingMessage } from 'node:http'
import { clearTimeout, setTimeout } from 'node:timers'
import { answerOf, lateError, type OpenTarget, type RawAnswer, type RawRequest } from './exchange'

/** supertest's `request(app)` and `request.agent(app)`. Neither has to be installed. */
export interface SupertestLike {
  get(path: string): object
  post(path: string): object
}

/** A request that supertest has made and not sent, as far as it is used here. */
interface Pending {
  /** The request of `node:http`; set when `request` is emitted. */
  readonly req?: ClientRequest
  /** The answer of `node:http`; set when the request has ended. */
  readonly res?: IncomingMessage
  on(event: 'request', listener: () => void): unknown
  buffer(whether: boolean): unknown
  parse(
    parser: (answer: IncomingMessage, done: (error: null, body: object) => void) => void,
  ): unknown
  serialize(serializer: (body: unknown) => unknown): unknown
  send(body: Buffer): unknown
  end(done: (error: unknown) => void): unknown
}

/** Sends through supertest, with its cookies and defaults, and still the exact bytes of the case. */
export function supertestTarget(supertest: SupertestLike, deadline: number): OpenTarget {
  async function send(request: RawRequest): Promise<RawAnswer> {
    const pending = pendingRequest(supertest, request.method)
    const timer = setTimeout(() => pending.req?.destroy(lateError(deadline)), deadline)
    try {
      return await exchange(pending, request)
    } finally {
      clearTimeout(timer)
    }
  }
  return { host: '127.0.0.1', send, close: () => Promise.resolve() }
}

/** Made for `/`: the real target takes its place when it is sent, where nothing is parsed any more. */
function pendingRequest(supertest: SupertestLike, method: string): Pending {
  const make = (
    supertest as unknown as Record<string, (path: string) => Pending>
  ) // as supertest's types say
  [method.toLowerCase()]
  if (typeof make !== 'function') throw new TypeError(`supertest cannot send ${method}`)
  return make.call(supertest, '/')
}

function exchange(pending: Pending, request: RawRequest): Promise<RawAnswer> {
  const chunks: Buffer[] = []
  pending.buffer(true)
  pending.parse((answer, done) => {
    answer.on('data', (chunk: Buffer) => chunks.push(chunk))
    answer.on('end', () => done(null, {}))
  })
  pending.on('request', () => writeHead(pending.req as ClientRequest, request)) // which it has now
  if (request.body !== undefined) {
    pending.serialize((body) => body)
    pending.send(Buffer.concat([request.body].flat()))
  }
  return new Promise((resolve, reject) => {
    pending.end((error) => {
      if (pending.res) resolve(answerOf(pending.res, Buffer.concat(chunks)))
      else reject(error instanceof Error ? error : new Error(String(error)))
    })
  })
}

/** The length of the body is left to supertest, which sends it in one piece. */
function writeHead(outgoing: ClientRequest, { target, headers }: RawRequest): void {
  outgoing.path = target.startsWith('/') ? outgoing.path.replace(/\/+$/, '') + target : target
  outgoing.removeHeader('accept-encoding')
  for (const name of new Set(headers.map(([sent]) => sent.toLowerCase()))) {
    const sent = headers.filter(([each]) => each.toLowerCase() === name)
    const kept = name === 'cookie' ? [outgoing.getHeader(name) ?? []].flat().map(String) : []
    const values = [...kept, ...sent.map(([, value]) => value)] // an agent's cookies are sent, too
    outgoing.setHeader(sent[0]?.[0] ?? name, values.length > 1 ? values : (values[0] ?? ''))
  }
}
