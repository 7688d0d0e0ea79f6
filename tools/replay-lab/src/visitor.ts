import { Agent, request } from 'node:http'
import { text } from 'node:stream/consumers'
import type { Link } from './links'

/** What came of one request. */
export interface Answer {
  readonly link: Link
  /** `accepted` for a success, else the `code` that the answer gives. */
  readonly code: string
  /** From the request to the end of the answer, in milliseconds. */
  readonly took: number
}

/** How many answers had which code. */
export type Tally = Readonly<Record<string, number>>

/** Somebody with a browser: keeps connections open, as many as there are requests at once. */
export interface Visitor {
  /** POSTs a link. @throws Error where no answer came */
  post(port: number, link: Link, signal?: AbortSignal): Promise<Answer>
  leave(): void
}

export function newVisitor(): Visitor {
  const agent = new Agent({ keepAlive: true, maxSockets: 512 })
  return {
    async post(port, link, signal) {
      const began = performance.now()
      const { status, body } = await send({ port, path: link.target, agent, signal })
      const took = performance.now() - began
      return { link, code: status < 300 ? 'accepted' : codeOf(status, body), took }
    },
    leave: () => agent.destroy(),
  }
}

interface Sent {
  readonly port: number
  readonly path: string
  readonly agent: Agent
  readonly signal: AbortSignal | undefined
}

function send(options: Sent): Promise<{ readonly status: number; readonly body: string }> {
  const { signal, ...where } = options
  return new Promise((resolve, reject) => {
    const post = request({
      ...where,
      host: '127.0.0.1',
      method: 'POST',
      headers: { 'content-length': 0 },
      ...(signal && { signal }),
    })
    post.once('error', reject)
    post.once('response', (response) => {
      text(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject)
    })
    post.end()
  })
}

function codeOf(status: number, body: string): string {
  const { code } = (body.startsWith('{') ? JSON.parse(body) : {}) as { readonly code?: string } // a problem, or nothing of ours
  return code ?? `status ${status}`
}

export function tally(answers: readonly Answer[]): Tally {
  const counts: Record<string, number> = {}
  for (const { code } of answers) counts[code] = (counts[code] ?? 0) + 1
  return counts
}

export function sum(tallies: readonly Tally[]): Tally {
  const counts: Record<string, number> = {}
  for (const each of tallies) {
    for (const [code, count] of Object.entries(each)) counts[code] = (counts[code] ?? 0) + count
  }
  return counts
}
