import { signedLink } from '@countersign/testing'
import {
  memoryReplayStore,
  requireSignedUser,
  type GuardedHandler,
  type HarlyyUser,
  type ReplayStore,
} from '../src'
import { HOST, surveys } from './portals'

type Handler = GuardedHandler<HarlyyUser, []>

const nextRedirect = Object.assign(new Error('NEXT_REDIRECT'), {
  digest: 'NEXT_REDIRECT;replace;/thanks;307;',
})

/** A memory store that needs some turns to record the end of a lease. */
function slowStore(): ReplayStore {
  const store = memoryReplayStore()
  const leases = store.leases!
  const turn = () => new Promise(setImmediate)
  const commit: typeof leases.commit = async (...use) => (await turn(), leases.commit(...use))
  const release: typeof leases.release = async (...use) => (await turn(), leases.release(...use))
  return { ...store, leases: { ...leases, commit, release } }
}

/** A value that a handler throws. */
const thrown =
  (value: unknown): Handler =>
  () => {
    throw value
  }

/** The status of the second use: 401 where the first has used the link up. */
const ENDS: readonly (readonly [second: number, string, Handler])[] = [
  [401, 'a response of 200', () => new Response('ok')],
  [401, 'a redirect, later', async () => Response.redirect('https://a.example/', 303)],
  [200, 'a response of 422', () => new Response('no', { status: 422 })],
  [200, 'a thrown error', thrown(new Error('broken'))],
  [200, 'a thrown error with a status', thrown(Object.assign(new Error(), { status: 302 }))],
  [200, 'another error with a digest', thrown(Object.assign(new Error(), { digest: 'NEXT_404' }))],
  [200, 'a thrown text', thrown('broken')],
  [401, 'a redirect that Remix throws', thrown(new Response(null, { status: 302 }))],
  [200, 'a 404 that Remix throws', thrown(new Response(null, { status: 404 }))],
  [401, 'a redirect that SvelteKit throws', thrown({ status: 303, location: '/thanks' })],
  [401, 'a redirect that Next.js throws', thrown(nextRedirect)],
]

it.each(ENDS)('the guard answers a leased link with %i after %s', async (second, _, handler) => {
  const options = { replayStore: slowStore(), consume: { lease: 10 } }
  const guard = requireSignedUser(surveys, options)
  const url = HOST + (await signedLink(surveys, {}))
  const send = (then: Handler) => guard(then)(new Request(url, { method: 'POST' }))
  await send(handler).catch(() => undefined)
  expect((await send(() => new Response('ok'))).status).toBe(second)
})

it('the guard passes on what a handler throws', async () => {
  const guard = requireSignedUser(surveys, { consume: { lease: 10 } })
  const request = new Request(HOST + (await signedLink(surveys, {})), { method: 'POST' })
  await expect(guard(thrown(nextRedirect))(request)).rejects.toBe(nextRedirect)
})
