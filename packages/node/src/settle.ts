import type { ServerResponse } from 'node:http'
import type { Reservation } from '@countersign/core'
import { sealAnswer } from './seal-answer'

/** An answer of `node:http`, or one of `node:http2` with its stream. */
type Outgoing = ServerResponse & { readonly stream?: { readonly destroyed: boolean } }

interface Decision {
  /** Resolves when the store knows, or did not answer in time. */
  settle(status: number): Promise<void>
  /** True from then on. */
  isSettled: boolean
}

/**
 * Lets an answer decide over a reservation, by its status when it begins. Its end is held back until
 * the store knows, so that who has the answer finds it true. An answer that the client did not wait
 * for decides all the same. One that is torn down before it has begun is a failure.
 * @returns decides at once, by a status
 */
export function settleOnAnswer(res: Outgoing, reservation: Reservation): Decision['settle'] {
  const decision: Decision = {
    isSettled: false,
    async settle(status) {
      await reservation.settle(status)
      decision.isSettled = true
    },
  }
  if (res.headersSent) void decision.settle(res.statusCode)
  settleOnHead(res, decision)
  holdBackEnd(res, decision)
  return decision.settle
}

function settleOnHead(res: Outgoing, { settle }: Decision): void {
  const { writeHead, write, destroy } = res

  res.writeHead = function settlingHead(...head: unknown[]) {
    Reflect.apply(writeHead, res, head)
    void settle(res.statusCode)
    return res
  } as ServerResponse['writeHead'] // it has several forms, all passed on

  res.write = function settlingWrite(...piece: unknown[]) {
    const flows: unknown = Reflect.apply(write, res, piece)
    if (isGone(res) && !res.headersSent) void settle(res.statusCode) // nobody to send a head to
    return flows
  } as ServerResponse['write'] // likewise

  res.destroy = function settlingDestroy(...error: unknown[]) {
    if (!isGone(res) && !res.headersSent) void settle(500)
    return Reflect.apply(destroy, res, error) as ServerResponse // itself
  } as ServerResponse['destroy'] // likewise
}

/** The client hung up: HTTP/1 says so of the answer, HTTP/2 of the stream underneath. */
function isGone(res: Outgoing): boolean {
  return res.destroyed || res.stream?.destroyed === true
}

/** The end, and before it the piece with which the announced length is complete. */
function holdBackEnd(res: ServerResponse, decision: Decision): void {
  const { write, end } = res
  let sent = 0
  let held: (() => unknown)[] | undefined

  res.write = function heldWrite(...piece: unknown[]) {
    const writeNow = (): boolean => Reflect.apply(write, res, piece) as boolean // as its type says
    sent += sizeOf(piece)
    const isWhole = sent >= Number(res.getHeader('content-length'))
    if (decision.isSettled || !isWhole) return writeNow()
    hold(writeNow)
    return true
  } as ServerResponse['write'] // it has several forms, all passed on

  res.end = function heldEnd(...last: unknown[]) {
    const endNow = (): ServerResponse => Reflect.apply(end, res, last) as ServerResponse // itself
    if (held) held.push(endNow)
    else if (decision.isSettled || !canEnd(res, last[0])) return endNow()
    else hold(endNow)
    return res
  } as ServerResponse['end'] // likewise

  function hold(call: () => unknown): void {
    const calls = (held = [call])
    const settled = decision.settle(res.statusCode)
    const unseal = sealAnswer(res, (late) => calls.push(late))
    const goOn = (): void => {
      held = undefined
      unseal()
      for (const each of calls) each()
    }
    settled.then(goOn).catch((error: Error) => res.destroy(error)) // nobody is left to throw it to
  }
}

/** In bytes; not a number for what Node refuses to write. */
function sizeOf([piece, encoding]: readonly unknown[]): number {
  if (piece instanceof Uint8Array) return piece.byteLength
  if (typeof piece !== 'string') return NaN
  const name = typeof encoding === 'string' ? (encoding as BufferEncoding) : undefined // or a callback
  return Buffer.byteLength(piece, name)
}

/** Whether Node will not throw for this end: a piece, nothing or a callback, with a status that there is. */
function canEnd(res: ServerResponse, last: unknown): boolean {
  const isPiece = typeof last === 'string' || last instanceof Uint8Array
  const isStatus = res.statusCode >= 100 && res.statusCode <= 999
  return (!last || isPiece || typeof last === 'function') && (res.headersSent || isStatus)
}
