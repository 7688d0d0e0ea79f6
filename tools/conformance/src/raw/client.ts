import { connect, type Socket } from 'node:net'
import { answerReader, type RawAnswer } from './answers'

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

/** One connection, for what `sendRaw` cannot do: half a request, a pause, a hang-up. */
export interface RawConnection {
  /** Text is written as Latin-1. */
  write(bytes: string | Uint8Array): void
  /**
   * The next response on this connection.
   * @param method of the request that it answers: a response to HEAD has no body
   */
  answer(method?: string): Promise<RawAnswer>
  /** Everything that the server sends until it closes the connection. */
  untilClosed(): Promise<string>
  /** Closes the connection immediately. */
  abort(): void
}

/** How long a server may take, in milliseconds, before a test fails instead of hanging. */
export const DEADLINE = 15_000

/** Sends one request on a connection of its own to a port on the loopback interface. */
export async function sendRaw(port: number, request: RawRequest): Promise<RawAnswer> {
  const connection = await openRaw(port)
  try {
    connection.write(requestBytes(request))
    return await connection.answer(request.method)
  } finally {
    connection.abort()
  }
}

/** Opens a connection to a port on the loopback interface. */
export function openRaw(port: number): Promise<RawConnection> {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true })
  const opened = new Promise<RawConnection>((resolve, reject) => {
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.off('error', reject)
      resolve(rawConnection(socket))
    })
  })
  return inTime(opened, socket)
}

function rawConnection(socket: Socket): RawConnection {
  const reader = answerReader()
  socket.on('data', (bytes: Buffer) => reader.push(bytes))
  socket.on('error', (error) => reader.end(error))
  socket.on('close', () => reader.end())
  return {
    write: (bytes) => void socket.write(typeof bytes === 'string' ? latin1(bytes) : bytes),
    answer: (method = 'GET') => inTime(reader.next(method), socket),
    untilClosed: () => inTime(reader.rest(), socket),
    abort: () => void socket.destroy(),
  }
}

/** `setTimeout` as it was before a test replaced it. */
const { setTimeout: startTimer, clearTimeout: stopTimer } = globalThis

function inTime<Value>(work: Promise<Value>, socket: Socket): Promise<Value> {
  return new Promise((resolve, reject) => {
    const timer = startTimer(() => {
      socket.destroy()
      reject(new Error(`No complete response within ${DEADLINE} ms`))
    }, DEADLINE)
    work.then(resolve, reject).finally(() => stopTimer(timer))
  })
}

/** The request as bytes: for `RawConnection.write`, or to send a part of it. */
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
