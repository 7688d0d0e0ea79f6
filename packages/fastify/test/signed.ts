import { createSigner, fdback, featkit, harlyy } from '../src'

const NOW = Date.UTC(2026, 10, 20)
export const now = (): number => NOW
const secret = 'test-secret-of-the-fastify-adapter'
export const links = featkit({ slug: 'acme', secret })
export const requests = fdback({ workspaceId: 'ws_demo', secret: `${secret}-2` })
export const surveys = harlyy({ businessId: 'acme', surveyId: 'q1', secret: `${secret}-3` })

/** The query of a signed link, with its question mark. */
export async function queryFor(id: string): Promise<string> {
  const { url } = await createSigner(links, { now }).sign({ id })
  return new URL(url).search
}

/** The query of a link that is valid once. */
export async function surveyQuery(): Promise<string> {
  return new URL((await createSigner(surveys, { now }).sign({})).url).search
}

/** A signed request. */
export async function post() {
  const { headers, body } = await createSigner(requests, { now }).sign({ email: 'a@b.co' })
  const typed = { ...headers, 'content-type': 'application/json' }
  return { method: 'POST', headers: typed, body: body ?? '' } as const
}
