import { connect, type Socket } from 'node:net'
import { connect as connectSecurely } from 'node:tls'
import { withDeadline } from './deadline'
import { answerReader, type RawAnswer } from './raw-answer'

/** Where a server listens. */
export type Address = TcpAddress | { readonly path: string }

export interface TcpAddress {
  readonly host: string
  readonly port: number
  /** TLS, and whether the certificate must be trusted; `undefined` for plain HTTP. */
  readonly secure?: { readonly trusted: boolean } | undefined
}

/** A request to be put on the wire as it stands: nothing is sorted, joined, escaped or trimmed. */
export interface RawRequest {
  /** @default 'GET' */
  readonly method?: string
  /** The request target of the request line. */
  readonly target: string
  /**
   * In this order, duplicates and white space included, one byte a character (latin-1). `Host` is
   * added in front unless it is here.
   */
  readonly headers?: readonly RawHeader[]
  /**
   * Sent with its `Content-Length`; a list is sent chunked, one chunk an item. Neither header is
   * added where the request has its own `Content-Length` or `Transfer-Encoding`: the body then goes
   * out as it stands. Text counts as UTF-8.
   */
  readonly body?: RawBody | undefined
}

export type RawHeader = readonly [name: string, value: string]
export type RawBody = Piece | readonly Piece[]
type Piece = string | Uint8Array

/** One connection, for what `sendRaw` is too tidy for: half a request, a pause, a hang-up. */
export interface RawConnection {
  /** Text counts as latin-1: what is written is what is sent. */
  write(bytes: string | Uint8Array): void
  /**
   * The next answer on this connection.
   * @param method of the request that it answers: an answer to HEAD has no body
   */
  answer(method?: string): Promise<RawAnswer>
  /** Everything that the server sends until it closes the connection. */
  untilClosed(): Promise<string>
  /** Hangs up at once. */
  abort(): void
}

/** How long a server may take, in milliseconds, before a test fails instead of hanging. */
export const DEADLINE = 15_000

/**
 * Sends one request on a connection of its own and reads the answer.
 * @param address a number is a port on the loopback interface
 */
export async function sendRaw(
  address: Address | number,
  request: RawRequest,
  deadline: number = DEADLINE,
): Promise<RawAnswer> {
  const connection = await openRaw(address, deadline)
  try {
    connection.write(requestBytes(request))
    return await connection.answer(request.method)
  } finally {
    connection.abort()
  }
}

/**
 * @param address a number is a port on the loopback interface
 * @param deadline how long the server may take for each answer, in milliseconds
 */
export function openRaw(
  address: Address | number,
  deadline: number = DEADLINE,
): Promise<RawConnection> {
  const { socket, ready } = dial(
    typeof address === 'number' ? { host: '127.0.0.1', port: address } : address,
  )
  const opened = new Promise<RawConnection>((resolve, reject) => {
    socket.once('error', reject)
    socket.once(ready, () => {
      socket.off('error', reject)
      resolve(rawConnection(socket, deadline))
    })
  })
  return withDeadline(opened, deadline, () => socket.destroy())
}

interface Dialled {
  readonly socket: Socket
  /** The event that says that requests may be written. */
  readonly ready: 'connect' | 'secureConnect'
}

function dial(address: Address): Dialled {
  if ('path' in address) return { socket: connect(address.path), ready: 'connect' }
  const { host, port, secure } = address
  if (!secure) return { socket: connect({ host, port, noDelay: true }), ready: 'connect' }
  const servername = /^[\d.]+$|:/.test(host) ? '' : host // an IP address is no server name
  const socket = connectSecurely({
    host,
    port,
    servername,
    ALPNProtocols: ['http/1.1'],
    ...(!secure.trusted && { rejectUnauthorized: false }),
  })
  return { socket: socket.setNoDelay(true), ready: 'secureConnect' }
}

function rawConnection(socket: Socket, deadline: number): RawConnection {
  const reader = answerReader()
  socket.on('data', (bytes: Buffer) => reader.push(bytes))
  socket.on('end', () => reader.end())
  socket.on('error', (error) => reader.end(error))
  socket.on('close', () => reader.end())
  const hangUp = (): void => void socket.destroy()
  return {
    write: (bytes) => void socket.write(typeof bytes === 'string' ? latin1(bytes) : bytes),
    answer: (method = 'GET') => withDeadline(reader.next(method), deadline, hangUp),
    untilClosed: () => withDeadline(reader.rest(), deadline, hangUp),
    abort: hangUp,
  }
}

/** The request as bytes: for `RawConnection.write`, or to cut it somewhere. */
export function requestBytes(request: RawRequest): Buffer {
  const { method = 'GET', target, headers = [], body } = request
  const has = (name: string): boolean => headers.some(([sent]) => sent.toLowerCase() === name)
  const own = has('content-length') || has('transfer-encoding')
  const lines = [
    `${method} ${target} HTTP/1.1`,
    ...(has('host') ? [] : ['Host: localhost']),
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...(own || body === undefined ? [] : [framing(body)]),
  ]
  const head = latin1([...lines, '', ''].join('\r\n'))
  return Buffer.concat([head, ...(body === undefined ? [] : [framed(body, own)])])
}

function framing(body: RawBody): string {
  return isList(body) ? 'Transfer-Encoding: chunked' : `Content-Length: ${Buffer.from(body).length}`
}

function framed(body: RawBody, own: boolean): Buffer {
  const pieces = (isList(body) ? body : [body]).map((piece) => Buffer.from(piece))
  return Buffer.concat(isList(body) && !own ? [...pieces.map(chunk), latin1('0\r\n\r\n')] : pieces)
}

/** One piece of a chunked body (RFC 9112 section 7.1). */
export function chunk(bytes: string | Uint8Array): Buffer {
  const piece = Buffer.from(bytes)
  return Buffer.concat([latin1(`${piece.length.toString(16)}\r\n`), piece, latin1('\r\n')])
}

function isList(body: RawBody): body is readonly Piece[] {
  return Array.isArray(body)
}

/** @throws RangeError for a character that is no byte: silently sent as another it would prove nothing */
function latin1(text: string): Buffer {
  const bytes = Buffer.from(text, 'latin1')
  if (bytes.toString('latin1') === text) return bytes
  throw new RangeError('A character is more than one byte')
}
