// Runs in every runtime: the catalogue of credentials on the guard, then the verifier, the signer and the
// sign endpoint on what they made themselves.
import {
  createGuard,
  createSignEndpoint,
  createSigner,
  createVerifier,
  memoryReplayStore,
} from '@countersign/core'
import { fdback, featkit, harlyy, seggwat } from '@countersign/core/schemes'
import { requireSignedUser } from '@countersign/fetch'
import catalogue from './tokens.json' with { type: 'json' }

const { secrets, projectKey } = catalogue
const now = () => catalogue.now * 1000
const secret = [
  { id: 'A', value: secrets.A },
  { id: 'B', value: secrets.B },
]
const workspaces = new Map([
  ['ws_demo', secret],
  ['ws_other', secrets.other_workspace],
])
const PORTALS = {
  featkit: { portal: featkit({ secret, slug: 'acme' }), user: { id: 42 } },
  seggwat: { portal: seggwat({ secret, projectKey }), user: { id: 42 } },
  jwt: { portal: seggwat({ secret, projectKey, mode: 'jwt' }), user: { id: 42 } },
  harlyy: { portal: harlyy({ secret, businessId: 'b1', surveyId: 's1' }), user: {} },
  fdback: {
    // asynchronous, as from a database
    portal: fdback({ secret: async ({ tenant }) => workspaces.get(tenant) ?? null }),
    signing: fdback({ secret, workspaceId: 'ws_demo' }),
    user: { email: 'ada@example.com' },
  },
}

/** @returns how many checks were made, and a line for each that went wrong */
export async function check() {
  const wrong = []
  const same = (what, found, expected) => {
    if (found !== expected) wrong.push(`${what}: ${found}, expected ${expected}`)
  }
  for (const { id, expected, ...rest } of catalogue.cases) {
    same(id, await answered(rest, byCore), expected)
    same(`${id} of fetch`, await answered(rest, byFetch), expected)
  }
  for (const [name, each] of Object.entries(PORTALS)) {
    same(`${name} signed`, await roundTrip(each), '200')
    same(`${name} endpoint`, await fromEndpoint(each), '200')
    same(`${name} signed out`, await fromEndpoint({ ...each, user: null }), '401')
  }
  return { checks: 2 * catalogue.cases.length + 3 * Object.keys(PORTALS).length, wrong }
}

async function answered({ scheme, class: kind, request, requests = [request] }, guarded) {
  const remembers = kind === 'REPLAY' || scheme === 'harlyy'
  const store = { replayStore: memoryReplayStore({ now }), nonceRetention: 3_600 }
  const decide = guarded(PORTALS[scheme].portal, { now, ...(remembers && store) })
  let last
  for (const each of requests) last = await decide(scheme, each)
  return last
}

function byCore(portal, options) {
  const guard = createGuard(portal, options)
  return async (scheme, request) => {
    const { pass, error } = await guard.decide(viewOf(scheme, request))
    return pass ? '200' : `${error.status} ${error.code}`
  }
}

/** With the `Request` and `Response` of the runtime. */
function byFetch(portal, options) {
  let code
  const onRejected = (error) => (code = error.code)
  const guard = requireSignedUser(portal, { ...options, onRejected })
  const handler = guard(() => new Response(null, { status: 200 }))
  return async (scheme, sent) => {
    code = undefined
    const { method, target, body } = viewOf(scheme, sent)
    const headers = new Headers()
    for (const [name, value] of sent.headers ?? []) headers.append(name, value)
    const init = { method, headers, ...(method === 'POST' && { body: body() }) }
    const { status } = await handler(new Request(`http://portal.example${target}`, init))
    return [status, code].filter(Boolean).join(' ')
  }
}

function viewOf(scheme, { query, headers = [], bodyHex = '' }) {
  const isPost = scheme === 'harlyy' || scheme === 'fdback'
  return {
    method: isPost ? 'POST' : 'GET',
    target: query === undefined ? '/portal' : `/portal?${query}`,
    headers: (name) =>
      headers.filter(([sent]) => sent.toLowerCase() === name).map(([, value]) => value),
    body: () => Uint8Array.from(bodyHex.match(/../g) ?? [], (pair) => parseInt(pair, 16)),
    native: { headers: {} },
  }
}

async function roundTrip({ portal, signing = portal, user }) {
  return verified(portal, await createSigner(signing, { now }).sign(user))
}

async function fromEndpoint({ portal, signing = portal, user }) {
  const endpoint = createSignEndpoint(signing, { user: () => user, now })
  const { status, body } = await endpoint({ ...viewOf('harlyy', {}), target: '/sign' })
  return status === 200 ? verified(portal, JSON.parse(body)) : String(status)
}

async function verified(portal, { url, headers = {}, body = '' }) {
  const { pathname, search } = new URL(url)
  const replayStore = memoryReplayStore({ now })
  const result = await createVerifier(portal, { now, replayStore }).verify({
    method: 'POST',
    target: pathname + search,
    headers: (name) => (headers[name] === undefined ? [] : [headers[name]]),
    body: () => new TextEncoder().encode(body),
    native: {},
  })
  return result.ok ? '200' : `${result.error.status} ${result.error.code}`
}
