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
  const makers = supertest as unknown as Record<string, ((path: string) => Pending) | undefined> // as supertest's types say
  return {
    host: '127.0.0.1',
    async send(request) {
      // made for `/`: the real target takes its place when it is sent, where nothing is parsed any more
      const pending = makers[request.method.toLowerCase()]?.call(supertest, '/')
      if (!pending) throw new TypeError(`supertest cannot send ${request.method}`)
      const timer = setTimeout(() => pending.req?.destroy(lateError(deadline)), deadline)
      return exchange(pending, request).finally(() => clearTimeout(timer))
    },
    close: () => Promise.resolve(),
  }
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
  const cookies = outgoing.getHeader('cookie') // an agent's are sent, too
  for (const [name] of headers) outgoing.removeHeader(name)
  if (cookies !== undefined) outgoing.setHeader('cookie', cookies)
  for (const [name, value] of headers) outgoing.appendHeader(name, value)
}
