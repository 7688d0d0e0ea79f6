import type { Link } from './links'

/** What came of one request. */
export interface Answer {
  /** `accepted` for a success, else the `code` of the answer. */
  readonly code: string
  /** From the request to the end of the answer, in milliseconds. */
  readonly took: number
}

/** How many answers had which code. */
export type Tally = Readonly<Record<string, number>>

/** POSTs a link. @throws Error where no answer came */
export async function visit(port: number, link: Link, signal?: AbortSignal): Promise<Answer> {
  const began = performance.now()
  const url = `http://127.0.0.1:${port}${link.target}`
  const response = await fetch(url, { method: 'POST', ...(signal && { signal }) })
  const body = await response.text()
  const took = performance.now() - began
  return { code: response.ok ? 'accepted' : codeOf(response.status, body), took }
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
