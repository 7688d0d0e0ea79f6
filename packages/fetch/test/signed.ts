import { createSigner, fdback, featkit, harlyy, memoryReplayStore, type ReplayStore } from '../src'

const NOW = Date.UTC(2026, 10, 20)
export const now = (): number => NOW
const secret = 'test-secret-of-the-fetch-adapter-1'
export const links = featkit({ slug: 'acme', secret })
export const requests = fdback({ workspaceId: 'ws_demo', secret: `${secret}-2` })
export const surveys = harlyy({ businessId: 'acme', surveyId: 'q1', secret: `${secret}-3` })

export const HOST = 'https://portal.example'

/** A request with a signed link in its URL. */
export async function linked(id = 'u-1', init: RequestInit = {}): Promise<Request> {
  const { url } = await createSigner(links, { now }).sign({ id })
  return new Request(`${HOST}/a${new URL(url).search}`, init)
}

/** The URL of a link that is valid once. */
export async function surveyUrl(): Promise<string> {
  const { url } = await createSigner(surveys, { now }).sign({})
  return `${HOST}/a${new URL(url).search}`
}

interface Sent {
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: NonNullable<RequestInit['body']> | null
}

/** A signed request, with the signed body unless another is given. */
export async function posted({ headers, ...init }: Sent = {}): Promise<Request> {
  const signed = await createSigner(requests, { now }).sign({ email: 'a@b.co' })
  const all = { ...signed.headers, ...headers }
  return new Request(HOST, { method: 'POST', body: signed.body ?? null, ...init, headers: all })
}

/** A memory store that lists how leases ended. */
export function observedStore(): { readonly store: ReplayStore; readonly ended: string[] } {
  const store = memoryReplayStore({ now })
  const { leases } = store
  if (!leases) throw new Error('A memory store has leases')
  const ended: string[] = []
  const { commit, release } = leases
  return {
    ended,
    store: {
      ...store,
      leases: {
        ...leases,
        commit: (...use) => (ended.push('commit'), commit(...use)),
        release: (...use) => (ended.push('release'), release(...use)),
      },
    },
  }
}
