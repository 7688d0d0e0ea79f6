import type { ServerResponse } from 'node:http'
import type { Reservation } from '../index'

/** A response of `node:http`, or one of `node:http2` with its stream. */
type Outgoing = ServerResponse & {
  readonly stream?: {
    readonly destroyed: boolean
    readonly sentHeaders?: Readonly<Record<string, unknown>>
  }
}

interface Settlement {
  /** Resolves when the store has recorded it, or did not answer in time. */
  settle(status: number): Promise<void>
  /** True from then on. */
  isSettled: boolean
}

/**
 * Settles a reservation by the status of the response when that begins. The end of the response is
 * held back until the store has recorded it, so that a client that has the whole response finds it
 * true. A response settles it also where the client has hung up. A response that is torn down before
 * it has begun is a failure.
 * @returns settles it now, by a status
 */
export function settleOnAnswer(res: Outgoing, reservation: Reservation): Settlement['settle'] {
  const settlement: Settlement = {
    isSettled: false,
    async settle(status) {
      await reservation.settle(statusOnStream(res) ?? status)
      settlement.isSettled = true
    },
  }
  const { settle } = settlement
  if (res.headersSent) void settle(res.statusCode)
  res.once('close', () => {
    if (res.headersSent) void settle(res.statusCode) // sent past this object, by the stream of HTTP/2
  })
  settleOnHead(res, settlement)
  holdBackEnd(res, settlement)
  return settle
}

/** What an HTTP/2 stream has sent, also past the response object. */
function statusOnStream({ stream }: Outgoing): number | undefined {
  const status = stream?.sentHeaders?.[':status']
  return status === undefined ? undefined : Number(status)
}

function settleOnHead(res: Outgoing, { settle }: Settlement): void {
  const { writeHead, write, destroy } = res

  res.writeHead = function settlingHead(...head: unknown[]) {
    Reflect.apply(writeHead, res, head)
    void settle(res.statusCode)
    return res
  } as ServerResponse['writeHead'] // it has several forms, all passed on

  res.write = function settlingWrite(...piece: unknown[]) {
    const flows: unknown = Reflect.apply(write, res, piece)
    if (isGone(res) && !res.headersSent) void settle(res.statusCode) // no client to send a head to
    return flows
  } as ServerResponse['write'] // likewise

  res.destroy = function settlingDestroy(...error: unknown[]) {
    if (!isGone(res)) void settle(500) // no effect where the head has settled it
    return Reflect.apply(destroy, res, error) as ServerResponse // itself
  } as ServerResponse['destroy'] // likewise
}

/** The client hung up: HTTP/1 marks the response, HTTP/2 the stream under it. */
function isGone(res: Outgoing): boolean {
  return res.destroyed || res.stream?.destroyed === true
}

/** Holds back the end, and before it the piece that completes the announced length. */
function holdBackEnd(res: ServerResponse, settlement: Settlement): void {
  const { write, end } = res
  let sent = 0
  let held: (() => unknown)[] | undefined

  res.write = function heldWrite(...piece: unknown[]) {
    const writeNow = (): boolean => Reflect.apply(write, res, piece) as boolean // as its type says
    sent += sizeOf(piece)
    const isWhole = sent >= Number(res.getHeader('content-length'))
    if (settlement.isSettled || !isWhole) return writeNow()
    hold(writeNow)
    return true
  } as ServerResponse['write'] // it has several forms, all passed on

  res.end = function heldEnd(...last: unknown[]) {
    const endNow = (): ServerResponse => Reflect.apply(end, res, last) as ServerResponse // itself
    if (held) held.push(endNow)
    else if (settlement.isSettled || !canEnd(res, last[0])) return endNow()
    else hold(endNow)
    return res
  } as ServerResponse['end'] // likewise

  function hold(call: () => unknown): void {
    const calls = (held = [call])
    const settled = settlement.settle(res.statusCode)
    const unseal = sealAnswer(res, (late) => calls.push(late))
    const goOn = (): void => {
      held = undefined
      unseal()
      for (const each of calls) each()
    }
    settled.then(goOn).catch((error: Error) => res.destroy(error)) // no caller is left to throw it to
  }
}

/** In bytes; not a number for what Node refuses to write. */
function sizeOf([piece, encoding]: readonly unknown[]): number {
  if (piece instanceof Uint8Array) return piece.byteLength
  if (typeof piece !== 'string') return NaN
  const name = typeof encoding === 'string' ? (encoding as BufferEncoding) : undefined // or a callback
  return Buffer.byteLength(piece, name)
}

/** Whether Node will not throw for this end: a piece, nothing or a callback, and a possible status. */
function canEnd(res: ServerResponse, last: unknown): boolean {
  const isPiece = typeof last === 'string' || last instanceof Uint8Array
  const isStatus = res.statusCode >= 100 && res.statusCode <= 999
  return (!last || isPiece || typeof last === 'function') && (res.headersSent || isStatus)
}

const CHANGES = ['setHeader', 'setHeaders', 'appendHeader', 'removeHeader', 'writeHead']
/** Methods of a socket that hang up, as error handlers do after a response. */
const HANG_UPS = ['destroy', 'end']

/**
 * Makes a response whose end is held back look sent: to code that asks, and to code that would change
 * it. Nothing is written early, so that wrappers of the response's methods work as always.
 * @param afterEnd takes the calls that must wait for the end
 * @returns undoes it
 */
function sealAnswer(res: ServerResponse, afterEnd: AfterEnd): () => void {
  const { statusCode } = res
  const undo = [
    shadow(res, 'writableEnded', true),
    shadow(res, 'flushHeaders', () => undefined),
    postpone(res, 'write', afterEnd),
    ...postponeHangUp(res, afterEnd),
    ...(res.headersSent ? [] : sealHead(res)),
  ]
  return () => {
    for (const each of undo) each()
    if (!res.headersSent) res.statusCode = statusCode
  }
}

type AfterEnd = (call: () => unknown) => void

/** How long a client may take to read a response before its connection is closed, in milliseconds. */
const HANG_UP_AFTER = 1_000

/** Until the response has been sent: a wrapper of `end`, such as a session, may send its last bytes later. */
function postponeHangUp(res: ServerResponse, afterEnd: AfterEnd): (() => void)[] {
  const { socket } = res
  const isOwn = socket && !('stream' in res) // the connection of HTTP/2 has other streams as well
  return [
    postpone(res, 'destroy', afterFinish(res, afterEnd)),
    ...(isOwn ? HANG_UPS.map((name) => postpone(socket, name, afterFinish(res, afterEnd))) : []),
  ]
}

/** Takes the first call. */
function afterFinish(res: ServerResponse, afterEnd: AfterEnd): AfterEnd {
  let isAsked = false
  return (hangUp) => {
    if (isAsked) return
    isAsked = true
    afterEnd(() => {
      res.once('finish', hangUp)
      setTimeout(hangUp, HANG_UP_AFTER).unref() // where the client does not read
    })
  }
}

function sealHead(res: ServerResponse): (() => void)[] {
  return [
    shadow(res, 'headersSent', true),
    shadow(res, '_header', 'held back'), // where Node has it, and where older middleware looks
    ...CHANGES.map((name) => shadow(res, name, refuse)),
  ]
}

/** Puts a value in front of the one that an object has under that name. @returns removes it */
function shadow(target: object, name: string, value: unknown): () => void {
  const own = Object.getOwnPropertyDescriptor(target, name)
  Object.defineProperty(target, name, { value, configurable: true, writable: true })
  return () => {
    if (own) Object.defineProperty(target, name, own)
    else Reflect.deleteProperty(target, name)
  }
}

/** Makes the calls of a method wait. A `write` returns false meanwhile: there is no room for more. */
function postpone(target: object, name: string, afterEnd: AfterEnd): () => void {
  const method = Reflect.get(target, name) as (...input: unknown[]) => unknown // a method of a stream
  return shadow(target, name, (...input: unknown[]) => {
    afterEnd(() => Reflect.apply(method, target, input))
    return name === 'write' ? false : target
  })
}

/** As Node does once the head is sent. */
function refuse(): never {
  const message = 'Cannot set headers after they are sent to the client'
  throw Object.assign(new Error(message), { code: 'ERR_HTTP_HEADERS_SENT' })
}
