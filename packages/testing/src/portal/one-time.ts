import type { Fault } from '../cases/finding'
import { succeeded, type CaseResponse } from '../cases/response'
import { overridden } from '../cases/changes'
import { isDue, type Ask } from '../cases/stage'
import { dueFor } from '../defects/defect'
import type { PortalCase, World } from './world'

const USED = dueFor('token_replayed')
const CALLERS = 8

const prefetching = (ask: Ask): Ask => ({
  ...ask,
  headers: [...ask.headers, ['Sec-Purpose', 'prefetch;prerender']],
})

/** Mail scanners and browsers open links before their users do. */
function openings({ consumes }: World): readonly (readonly [string, (ask: Ask) => Ask])[] {
  const methods = ['GET', 'HEAD', 'OPTIONS'].filter((method) => !consumes(method))
  return [
    ['prefetched by a browser', (ask) => prefetching({ ...ask, method: 'GET' })],
    ...methods.map(
      (method) => [`opened with ${method}`, (ask: Ask) => ({ ...ask, method })] as const,
    ),
  ]
}

const OVERRIDDEN: Fault = {
  tells:
    'a request that overrides its method does the work and leaves the credential unused → mount the guard before method-override, or remove it from this route',
}
/** What holds for credentials that are valid once. */
export const oneTimeCases: readonly PortalCase[] = [
  {
    id: 'opened-first',
    name: 'does not use up a link that is only opened',
    when: ({ isUsedUp, portal }) => isUsedUp && portal.scheme.codec.compact,
    async play(stage, world) {
      for (const [what, open] of openings(world)) {
        const ask = await world.valid()
        await stage.send(open(ask), `a link, ${what}`)
        await stage.pass(ask, `the same link, after it was ${what}`, {
          tells: `a link that was ${what} is used up: mail scanners and browsers open links before their users do → let only POST use a link up, which is the default of \`consume\`, and let \`has\` of a store write nothing`,
        })
      }
    },
  },
  {
    id: 'pretended-method', // only a GET is a prefetch, and no other method is one by its headers
    name: 'uses a credential up, whatever headers and query say about the method',
    when: ({ isUsedUp, method }) => isUsedUp && method !== 'GET',
    async play(stage, { valid, method }) {
      const pretended = prefetching(await valid())
      await stage.pass(pretended, 'a signed user who pretends to prefetch')
      await stage.refuse(pretended, 'the same request again', USED)
      const ask = await valid()
      const { headers, query } = overridden(() => ask, 'GET')
      const all = { headers: [...ask.headers, ...headers], query: `${ask.query}&${query}` }
      const what = `a signed user’s ${method}, overridden to be a GET`
      const first = await stage.send({ ...ask, ...all }, what)
      const second = await stage.send(ask, 'the same credential again', USED)
      const isDone = succeeded(first) && succeeded(second) && first.text === second.text
      stage.look(second, isDone && OVERRIDDEN)
      await stage.refuse(ask, 'the same credential again', USED)
    },
  },
  {
    id: 'one-winner',
    name: `lets in only one of ${CALLERS} requests that use a credential at the same time`,
    when: ({ isUsedUp }) => isUsedUp,
    async play(stage, { valid, codes }) {
      const ask = await valid()
      const what = `one of ${CALLERS} uses at the same time`
      const all = await Promise.all(Array.from({ length: CALLERS }, () => stage.send(ask, what)))
      const winners = all.filter((each) => isDue(each, stage.suite))
      for (const each of all) if (!isBeaten(each, codes)) stage.expect(each)
      const [some = all[0] as CaseResponse, ...others] = winners // of eight
      const wrong: Fault = {
        received: `${winners.length} of ${CALLERS} were let in`,
        severity: others.length > 0 ? 'a way in' : 'a broken promise',
        tells:
          'requests at the same time use a credential more than once, or up without one being let in: checking and recording are two steps, or each process has a store of its own → give the guard a `replayStore` that decides in one atomic step and is shared by all processes',
      }
      stage.look(some, winners.length !== 1 && wrong)
      await stage.refuse(ask, `the same again, after ${CALLERS}`, USED)
    },
  },
  {
    id: 'forged-first', // someone who has seen the nonce must not be able to use it up
    name: 'does not use up a credential when a forgery of it is refused',
    when: ({ isUsedUp }) => isUsedUp,
    async play(stage, { pair }) {
      const { valid, forged } = await pair()
      await stage.refuse(forged, 'the same with a wrong signature', dueFor('signature_invalid'))
      return stage.pass(valid, 'a signed user, after a forgery with the same nonce', {
        tells:
          'a forgery uses the real credential up: the use is recorded before the signature is verified → record the use last, after all other checks: anyone can send a nonce',
      })
    },
  },
]

/** Losers come too late, or while the winner is still at work. */
function isBeaten({ status, code }: CaseResponse, codes: boolean): boolean {
  if (!codes) return [400, 401, 403, 409].includes(status)
  return code === 'token_replayed' || code === 'nonce_in_progress'
}
