import { Agent, request, type IncomingMessage, type RequestOptions } from 'node:http'
import { Agent as SecureAgent, request as secureRequest } from 'node:https'
import { clearTimeout, setTimeout } from 'node:timers'
import type { WireHeader } from '../minting/request'

/** A request to be sent exactly as it is: nothing is sorted, joined, escaped or trimmed. */
export interface RawRequest {
  readonly method: string
  /** The request target: path and query, or a whole URL. */
  readonly target: string
  /** In this order, duplicates included. */
  readonly headers: readonly WireHeader[]
  /** A list is sent chunked, one chunk for each item. */
  readonly body?: Uint8Array | readonly Uint8Array[] | undefined
}

export interface RawAnswer {
  readonly status: number
  /** Every header in order, as it was received. */
  readonly rawHeaders: readonly WireHeader[]
  readonly text: string
}

/** A target that is ready to be called. */
export interface OpenTarget {
  /** The `Host` of requests that name none. */
  readonly host: string
  /** One request after the other shares a connection, where the target allows it. */
  send(request: RawRequest): Promise<RawAnswer>
  /** Closes what was opened for the target, and nothing else. */
  close(): Promise<void>
}

/** A server, and how requests are addressed to it. */
export interface Site {
  readonly connection: Pick<RequestOptions, 'host' | 'port' | 'socketPath'> & {
    readonly rejectUnauthorized?: boolean
  }
  readonly isSecure: boolean
  /** The `Host` header of requests that name none. */
  readonly host: string
  /** Precedes every path. */
  readonly prefix: string
}

/** An agent that keeps connections open for the next request. */
export function keepingAgent({ isSecure }: Site): Agent {
  return isSecure ? new SecureAgent({ keepAlive: true }) : new Agent({ keepAlive: true })
}

/**
 * Sends one request with Node's own client and reads the answer.
 * @param deadline for the whole answer, in milliseconds
 */
export async function exchange(
  site: Site,
  raw: RawRequest,
  deadline: number,
  agent: Agent,
): Promise<RawAnswer> {
  try {
    return await attempt(site, raw, deadline, agent)
  } catch (error) {
    // the server closed an idle connection at the moment when it was used again
    if (isReset(error)) return attempt(site, raw, deadline, agent)
    throw error
  }
}

function isReset(error: unknown): boolean {
  return error instanceof Error && 'wasReused' in error && error.wasReused === true
}

function attempt(
  site: Site,
  { method, target, headers, body }: RawRequest,
  deadline: number,
  agent: Agent,
): Promise<RawAnswer> {
  const send = site.isSecure ? secureRequest : request
  const outgoing = send({
    ...site.connection,
    agent,
    method,
    path: target.startsWith('/') ? site.prefix + target : target,
    headers: framed(site, headers, method, body),
  })
  const timer = setTimeout(() => outgoing.destroy(lateError(deadline)), deadline)
  const answer = new Promise<RawAnswer>((resolve, reject) => {
    outgoing.on('response', (incoming) => void read(incoming).then(resolve, reject))
    outgoing.on('error', (error) => {
      const wasReused = outgoing.reusedSocket && 'code' in error && error.code === 'ECONNRESET'
      reject(Object.assign(error, { wasReused }))
    })
  })
  for (const piece of piecesOf(body)) outgoing.write(piece)
  outgoing.end()
  return answer.finally(() => clearTimeout(timer))
}

export function lateError(deadline: number): Error {
  return new Error(`no complete answer within ${deadline} ms`)
}

const WITHOUT_BODY = ['GET', 'HEAD', 'DELETE', 'OPTIONS', 'TRACE']

/** A flat list, which Node sends as it is. It adds neither `Host` nor the length of the body. */
function framed(
  { host }: Site,
  headers: readonly WireHeader[],
  method: string,
  body: RawRequest['body'],
): string[] {
  const hasHost = headers.some(([name]) => name.toLowerCase() === 'host')
  const all = hasHost ? headers : [['Host', host], ...headers]
  if (Array.isArray(body)) return [...all, ['Transfer-Encoding', 'chunked']].flat()
  const length = (body as Uint8Array | undefined)?.length // the list is gone
  if (length === undefined && WITHOUT_BODY.includes(method)) return all.flat()
  return [...all, ['Content-Length', String(length ?? 0)]].flat()
}

function piecesOf(body: RawRequest['body']): readonly Uint8Array[] {
  if (body === undefined) return []
  return Array.isArray(body) ? (body as readonly Uint8Array[]) : [body as Uint8Array] // one or several
}

async function read(incoming: IncomingMessage): Promise<RawAnswer> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer) // no encoding was set
  return answerOf(incoming, Buffer.concat(chunks))
}

export function answerOf({ statusCode, rawHeaders }: IncomingMessage, body: Buffer): RawAnswer {
  const pairs = Array.from({ length: rawHeaders.length / 2 }, (_, index) =>
    rawHeaders.slice(2 * index, 2 * index + 2),
  ) as unknown as readonly WireHeader[] // names and values in turn
  return { status: statusCode ?? 0, rawHeaders: pairs, text: body.toString('utf8') }
}
