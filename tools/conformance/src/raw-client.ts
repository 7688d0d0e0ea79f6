import { once } from 'node:events'
import { request as startRequest, type IncomingMessage } from 'node:http'
import { connect, type Socket } from 'node:net'
import { text as textOf } from 'node:stream/consumers'

/** A request that is sent exactly as written: nothing is sorted, joined, escaped or trimmed. */
export interface RawRequest {
  /** @default 'GET' */
  readonly method?: string
  /** The request target of the request line. */
  readonly target: string
  /**
   * Sent in this order, with duplicates and white space, one byte per character (Latin-1). `Host` is
   * added in front where it is missing.
   */
  readonly headers?: readonly RawHeader[]
  /**
   * Sent with its `Content-Length`; a list is sent chunked, one chunk per item. Neither header is
   * added where the request has its own `Content-Length` or `Transfer-Encoding`: the body is then
   * sent as it is. Text is sent as UTF-8.
   */
  readonly body?: RawBody | undefined
}

export type RawHeader = readonly [name: string, value: string]
export type RawBody = Piece | readonly Piece[]
type Piece = string | Uint8Array

/** A response as it came over the wire. */
export interface RawAnswer {
  readonly status: number
  /** Every header in order, as it was sent. */
  readonly rawHeaders: readonly RawHeader[]
  /** By lower-case name; a repeated header is joined with a comma. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** How long a server may take, in milliseconds, before a test fails instead of hanging. */
const DEADLINE = 15_000

/**
 * Sends one request on a connection of its own to a port on the loopback interface. Node's own client
 * reads the response; what it would send itself is dropped.
 */
export async function sendRaw(port: number, request: RawRequest): Promise<RawAnswer> {
  const bytes = requestBytes(request)
  const socket = await openRaw(port)
  socket.write(bytes)
  socket.write = () => true
  const { method = 'GET' } = request
  const reading = startRequest({ method, createConnection: () => socket }).end()
  try {
    const [response] = (await once(reading, 'response')) as [IncomingMessage] // as documented
    const { statusCode = 0, rawHeaders, headersDistinct } = response
    const pairs = rawHeaders.flatMap((name, index) =>
      index % 2 ? [] : [[name, rawHeaders[index + 1] ?? ''] as const],
    )
    return {
      status: statusCode,
      rawHeaders: pairs,
      headers: Object.fromEntries(Object.entries(headersDistinct).map(joined)),
      body: await textOf(response),
    }
  } finally {
    socket.destroy()
  }
}

function joined([name, values = []]: readonly [string, string[] | undefined]) {
  return [name, values.join(', ')] as const
}

/** A connection for what `sendRaw` cannot do: half a request, several requests, an abort. */
export async function openRaw(port: number): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true })
  socket.setTimeout(DEADLINE, () => {
    socket.destroy(new Error(`No complete response within ${DEADLINE} ms`))
  })
  await once(socket, 'connect')
  return socket
}

/** The request as bytes, for a connection of `openRaw`. */
export function requestBytes(request: RawRequest): Buffer {
  const { method = 'GET', target, headers = [], body } = request
  const has = (name: string): boolean => headers.some(([sent]) => sent.toLowerCase() === name)
  const isFramed = has('content-length') || has('transfer-encoding')
  const lines = [
    `${method} ${target} HTTP/1.1`,
    ...(has('host') ? [] : ['Host: localhost']),
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...(isFramed || body === undefined ? [] : [framing(body)]),
  ]
  const head = latin1([...lines, '', ''].join('\r\n'))
  return Buffer.concat([head, ...(body === undefined ? [] : [framed(body, isFramed)])])
}

function framing(body: RawBody): string {
  return isList(body) ? 'Transfer-Encoding: chunked' : `Content-Length: ${Buffer.from(body).length}`
}

function framed(body: RawBody, isFramed: boolean): Buffer {
  const pieces = (isList(body) ? body : [body]).map((piece) => Buffer.from(piece))
  const isChunked = isList(body) && !isFramed
  return Buffer.concat(isChunked ? [...pieces.map(chunk), latin1('0\r\n\r\n')] : pieces)
}

/** One piece of a chunked body (RFC 9112 section 7.1). */
export function chunk(bytes: string | Uint8Array): Buffer {
  const piece = Buffer.from(bytes)
  return Buffer.concat([latin1(`${piece.length.toString(16)}\r\n`), piece, latin1('\r\n')])
}

function isList(body: RawBody): body is readonly Piece[] {
  return Array.isArray(body)
}

/** @throws RangeError for a character that is not one byte: sent as another it would prove nothing */
function latin1(text: string): Buffer {
  const bytes = Buffer.from(text, 'latin1')
  if (bytes.toString('latin1') === text) return bytes
  throw new RangeError('A character is more than one byte')
}
