import type { ClientRequest, IncomingMessage } from 'node:http'
import { withDeadline } from './deadline'
import { byName, type RawAnswer } from './raw-answer'
import type { RawBody, RawRequest } from './raw-http'
import type { OpenTarget } from './target'

/** What `request(app)` and `request.agent(app)` of supertest give. Nothing of it need be installed. */
export interface SupertestLike {
  get(path: string): object
  post(path: string): object
}

/** A request that supertest has made and not sent, as far as it concerns us. */
interface Pending {
  /** The request of `node:http`; there once `request` was emitted. */
  readonly req?: ClientRequest
  /** The answer of `node:http`; there once the request has ended. */
  readonly res?: IncomingMessage
  on(event: 'request', listener: () => void): unknown
  buffer(whether: boolean): unknown
  parse(parser: (answer: IncomingMessage, done: Done) => void): unknown
  serialize(serializer: (body: unknown) => unknown): unknown
  send(body: Buffer): unknown
  end(done: (error: unknown) => void): unknown
}

type Done = (error: Error | null, body?: unknown) => void

/** Sends through supertest, with its cookies and defaults, and the bytes of the case all the same. */
export function supertestTarget(agent: SupertestLike, deadline: number): OpenTarget {
  async function send(request: RawRequest): Promise<RawAnswer> {
    const test = pending(agent, request)
    return withDeadline(exchange(test, request), deadline, () => {
      test.req?.destroy(new Error('given up')) // an abort would leave supertest’s server open
    })
  }

  return {
    send,
    connect: () => Promise.resolve({ send, close: () => undefined }),
    close: () => Promise.resolve(),
  }
}

/** Made for `/`: the real target takes its place on the wire, where nothing is parsed any more. */
function pending(agent: SupertestLike, { method = 'GET' }: RawRequest): Pending {
  const verbs = agent as unknown as Readonly<
    Record<string, ((path: string) => Pending) | undefined>
  > // as supertest’s types say
  const verb = method.toLowerCase()
  const make = verbs[verb]
  if (typeof make !== 'function') throw new TypeError(`supertest cannot send ${method}`)
  return make.call(agent, '/')
}

function exchange(test: Pending, request: RawRequest): Promise<RawAnswer> {
  const chunks: Buffer[] = []
  test.buffer(true)
  test.parse((answer, done) => {
    answer.on('data', (chunk: Buffer) => chunks.push(chunk))
    answer.on('end', () => done(null, {}))
  })
  test.on('request', () => imprint(test.req as ClientRequest, request)) // which it has now
  if (request.body !== undefined) {
    test.serialize((body) => body)
    test.send(bytesOf(request.body))
  }
  return new Promise((resolve, reject) => {
    test.end((error) => {
      if (test.res) resolve(answerOf(test.res, Buffer.concat(chunks)))
      else reject(error instanceof Error ? error : new Error(String(error)))
    })
  })
}

/** Framing is left to supertest: a body goes out in one piece. */
const FRAMING = ['content-length', 'transfer-encoding']

function imprint(req: ClientRequest, { target, headers = [] }: RawRequest): void {
  if (target.startsWith('/')) req.path = req.path.replace(/\/$/, '') + target
  else req.path = target
  req.removeHeader('accept-encoding')
  for (const name of new Set(headers.map(([sent]) => sent.toLowerCase()))) {
    if (FRAMING.includes(name)) continue
    const sent = headers.filter(([each]) => each.toLowerCase() === name)
    const values = [...kept(req, name), ...sent.map(([, value]) => value)]
    req.setHeader(sent[0]?.[0] ?? name, values.length > 1 ? values : (values[0] ?? ''))
  }
}

/** An agent’s cookies stay, beside those of the case. */
function kept(req: ClientRequest, name: string): readonly string[] {
  return name === 'cookie' ? [req.getHeader(name) ?? []].flat().map(String) : []
}

function bytesOf(body: RawBody): Buffer {
  const pieces = Array.isArray(body) ? (body as readonly Uint8Array[]) : [body as Uint8Array] // or text
  return Buffer.concat(pieces.map((piece) => Buffer.from(piece)))
}

function answerOf(res: IncomingMessage, body: Buffer): RawAnswer {
  const { statusCode: status = 0, rawHeaders: flat } = res
  const rawHeaders = Array.from(
    { length: flat.length / 2 },
    (_, index) => [flat[2 * index] ?? '', flat[2 * index + 1] ?? ''] as const,
  )
  return { status, rawHeaders, headers: byName(rawHeaders), body: body.toString('utf8') }
}
