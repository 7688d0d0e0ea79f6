import { requireSignedUser, type GuardedHandler, type HarlyyUser } from '../src'
import { now, observedStore, surveys, surveyUrl } from './signed'

type Handler = GuardedHandler<HarlyyUser, []>

const nextRedirect = Object.assign(new Error('NEXT_REDIRECT'), {
  digest: 'NEXT_REDIRECT;replace;/thanks;307;',
})

/** A value that a handler throws. */
const thrown =
  (value: unknown): Handler =>
  () => {
    throw value
  }

const ENDS: readonly (readonly ['commit' | 'release', string, Handler])[] = [
  ['commit', 'a response of 200', () => new Response('ok')],
  ['commit', 'a redirect, later', async () => Response.redirect('https://a.example/', 303)],
  ['release', 'a response of 422', () => new Response('no', { status: 422 })],
  ['release', 'a thrown error', thrown(new Error('broken'))],
  [
    'release',
    'a thrown error that has a status',
    thrown(Object.assign(new Error(), { status: 302 })),
  ],
  ['release', 'a thrown text', thrown('broken')],
  ['commit', 'a redirect that Remix throws', thrown(new Response(null, { status: 302 }))],
  ['release', 'a 404 that Remix throws', thrown(new Response(null, { status: 404 }))],
  ['commit', 'a redirect that SvelteKit throws', thrown({ status: 303, location: '/thanks' })],
  ['commit', 'a redirect that Next.js throws', thrown(nextRedirect)],
]

it.each(ENDS)('the guard asks for a %s of a leased link after %s', async (end, _, handler) => {
  const { store, ended } = observedStore()
  const consume = { lease: 10 }
  const guard = requireSignedUser(surveys, { now, replayStore: store, consume })
  const url = await surveyUrl()
  const send = (then: Handler) => guard(then)(new Request(url, { method: 'POST' }))
  await send(handler).catch(() => undefined)
  expect(ended).toEqual([end])
  const again = await send(() => new Response('ok'))
  expect(again.status).toBe(end === 'commit' ? 401 : 200)
})
