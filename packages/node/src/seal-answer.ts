import type { ServerResponse } from 'node:http'

const CHANGES = ['setHeader', 'setHeaders', 'appendHeader', 'removeHeader', 'writeHead']

/**
 * Makes an answer whose end is held back count as sent: to all who ask, and to all who would change
 * it. Nothing is written before its time, so that what others have wrapped around it works as ever.
 * @param afterEnd takes what was written too late
 * @returns undoes it
 */
export function sealAnswer(
  res: ServerResponse,
  afterEnd: (write: () => unknown) => void,
): () => void {
  const { statusCode, write } = res
  const writeLate = (...piece: unknown[]): boolean => {
    afterEnd(() => Reflect.apply(write, res, piece))
    return false
  }
  const undo = [
    shadow(res, 'writableEnded', true),
    shadow(res, 'write', writeLate),
    shadow(res, 'flushHeaders', () => undefined),
    ...(res.headersSent ? [] : sealHead(res)),
  ]
  return () => {
    for (const each of undo) each()
    if (!res.headersSent) res.statusCode = statusCode
  }
}

function sealHead(res: ServerResponse): (() => void)[] {
  return [
    shadow(res, 'headersSent', true),
    shadow(res, '_header', 'held back'), // where Node has it, and where older middleware looks
    ...CHANGES.map((name) => shadow(res, name, refuse)),
  ]
}

/** Puts a value in front of what an object has under that name. @returns takes it away */
function shadow(target: object, name: string, value: unknown): () => void {
  const own = Object.getOwnPropertyDescriptor(target, name)
  Object.defineProperty(target, name, { value, configurable: true, writable: true })
  return () => {
    if (own) Object.defineProperty(target, name, own)
    else Reflect.deleteProperty(target, name)
  }
}

/** As Node does once the head is out. */
function refuse(): never {
  const message = 'Cannot set headers after they are sent to the client'
  throw Object.assign(new Error(message), { code: 'ERR_HTTP_HEADERS_SENT' })
}
