import { request, type Agent, type ClientRequest, type IncomingMessage } from 'node:http'
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
  /** Knows the address of the server, and keeps connections open for the next request. */
  readonly agent: Agent
  readonly protocol: string
  /** The `Host` header of requests that name none. */
  readonly host: string
  /** Precedes every path. */
  readonly prefix: string
}

/** Sends one request and reads the answer. @param deadline for all of it, in milliseconds */
export async function exchange(site: Site, raw: RawRequest, deadline: number): Promise<RawAnswer> {
  const outgoing = start(site, raw)
  return answerTo(outgoing, deadline).catch((error: NodeJS.ErrnoException) => {
    // the server closed an idle connection at the moment when it was used again
    if (!outgoing.reusedSocket || error.code !== 'ECONNRESET') throw error
    return answerTo(start(site, raw), deadline)
  })
}

/** The header list is flat: Node sends it as it is, and adds neither `Host` nor the length of the body. */
function start(site: Site, { method, target, headers, body }: RawRequest): ClientRequest {
  const { agent, protocol, host, prefix } = site
  const hasHost = headers.some(([name]) => name.toLowerCase() === 'host')
  const all = [...(hasHost ? [] : [['Host', host]]), ...headers, ...framing(method, body)]
  const path = target.startsWith('/') ? prefix + target : target
  const outgoing = request({ agent, protocol, method, path, headers: all.flat() })
  const pieces = [body ?? []].flat() as readonly Uint8Array[] // one or several
  for (const piece of pieces) outgoing.write(piece)
  return outgoing.end()
}

const WITHOUT_BODY = ['GET', 'HEAD', 'DELETE', 'OPTIONS', 'TRACE']

function framing(method: string, body: RawRequest['body']): readonly WireHeader[] {
  if (body === undefined && WITHOUT_BODY.includes(method)) return []
  if (Array.isArray(body)) return [['Transfer-Encoding', 'chunked']]
  return [['Content-Length', String((body as Uint8Array | undefined)?.length ?? 0)]] // the list is gone
}

async function answerTo(outgoing: ClientRequest, deadline: number): Promise<RawAnswer> {
  const late = new Error(`no complete answer within ${deadline} ms`)
  const timer = setTimeout(() => outgoing.destroy(late), deadline)
  try {
    return await new Promise((resolve, reject) => {
      outgoing.on('response', (incoming) => void read(incoming).then(resolve, reject))
      outgoing.on('error', reject)
    })
  } finally {
    clearTimeout(timer)
  }
}

async function read(incoming: IncomingMessage): Promise<RawAnswer> {
  const { statusCode: status = 0, rawHeaders: all } = incoming
  const pairs = all.map((name, at): WireHeader => [name, all[at + 1] ?? ''])
  const rawHeaders = pairs.filter((_, at) => at % 2 === 0)
  return { status, rawHeaders, text: (await bytesOf(incoming)).toString('utf8') }
}

export async function bytesOf(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer) // no encoding was set
  return Buffer.concat(chunks)
}
