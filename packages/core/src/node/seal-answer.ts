import type { ServerResponse } from 'node:http'

const CHANGES = ['setHeader', 'setHeaders', 'appendHeader', 'removeHeader', 'writeHead']
/** Methods of a socket that hang up, as error handlers do after a response. */
const HANG_UPS = ['destroy', 'end']

/**
 * Makes a response whose end is held back look sent: to code that asks, and to code that would change
 * it. Nothing is written early, so that wrappers of the response's methods work as always.
 * @param afterEnd takes the calls that must wait for the end
 * @returns undoes it
 */
export function sealAnswer(res: ServerResponse, afterEnd: AfterEnd): () => void {
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

/** Until the response has been sent: a wrapper of `end`, such as a session, may send its last bytes later. */
function postponeHangUp(res: ServerResponse, afterEnd: AfterEnd): (() => void)[] {
  const { socket } = res
  const afterFinish: AfterEnd = (hangUp) => afterEnd(() => res.once('finish', hangUp))
  const isOwn = socket && !('stream' in res) // the connection of HTTP/2 has other streams as well
  return [
    postpone(res, 'destroy', afterFinish),
    ...(isOwn ? HANG_UPS.map((name) => postpone(socket, name, afterFinish)) : []),
  ]
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
