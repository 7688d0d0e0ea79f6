import { admitting, refusing, type Plan } from '../cases/case'
import { overridden } from '../cases/changes'
import { succeeded, type CaseResponse } from '../cases/response'
import type { Ask } from '../cases/stage'
import { dueFor } from '../defects/defect'
import type { WireHeader } from '../minting/request'
import type { World } from './world'

const USED = dueFor('token_replayed')
const CALLERS = 8
const PREFETCH: WireHeader = ['Sec-Purpose', 'prefetch;prerender']

/** What holds for credentials that are valid once. */
export function oneTimePlans(world: World): readonly Plan[] {
  const { consumes, method, options, singleUse, portal } = world
  const hasOthers = (options.also ?? []).length > 0
  if (!singleUse) return hasOthers ? [everywhere(world)] : []
  if (!consumes(method)) return [openedTwice(world)]
  return [
    ...(portal.scheme.codec.compact ? [opened(world)] : []), // a link, which is opened
    ...(method === 'GET' ? [] : [pretendedPrefetch(world), overriddenMethod(world)]),
    oneWinner(world),
    forgedFirst(world),
    ...(hasOthers ? [usedElsewhere(world)] : []),
  ]
}

/** Mail scanners and browsers open links before their users do. */
function opened({ valid, consumes }: World): Plan {
  const looks: Readonly<Record<string, (ask: Ask) => Ask>> = {
    'prefetched by a browser': (ask) => withPrefetch({ ...ask, method: 'GET' }),
    ...Object.fromEntries(
      ['GET', 'HEAD', 'OPTIONS']
        .filter((method) => !consumes(method))
        .map((method) => [`opened with ${method}`, (ask: Ask) => ({ ...ask, method })]),
    ),
  }
  return admitting('opened-first', 'leaves a link unused that is only opened', async (stage) => {
    let response: CaseResponse | undefined
    for (const [what, look] of Object.entries(looks)) {
      const ask = await valid()
      await stage.send(look(ask), `a link, ${what}`)
      response = await stage.pass(ask, `the same link, after it was ${what}`, {
        tells: `a link that was ${what} is used up: mail scanners and browsers open links before their users do → use the link up with POST only (the default of \`consume\`), and let \`has\` of a store write nothing`,
      })
    }
    return response as CaseResponse // there is one look at least
  })
}

function withPrefetch(ask: Ask): Ask {
  return { ...ask, headers: [...ask.headers, PREFETCH] }
}

/** Only a GET is a prefetch: with another method the header must change nothing. */
function pretendedPrefetch({ valid, method }: World): Plan {
  const name = `uses a credential up, whatever headers say about a ${method}`
  return refusing('pretended-prefetch', name, USED, async (stage) => {
    const pretended = withPrefetch(await valid())
    await stage.pass(pretended, 'a signed user who pretends to prefetch')
    return stage.refuse(pretended, 'the same request again', USED)
  })
}

/** The handler of one method must not do its work under the name of another. */
function overriddenMethod({ valid, method }: World): Plan {
  const name = 'uses a credential up, whatever method headers and query ask for'
  return refusing('overridden-method', name, USED, async (stage) => {
    const ask = await valid()
    const { headers, query } = overridden(() => ask, 'GET')
    const all = { headers: [...ask.headers, ...headers], query: `${ask.query}&${query}` }
    const what = `a signed user’s ${method}, overridden to be a GET`
    const first = await stage.send({ ...ask, ...all }, what)
    const second = await stage.send(ask, 'the same credential again', USED)
    if (succeeded(first) && succeeded(second) && first.text === second.text) {
      stage.fault(second, {
        tells:
          'a request that overrides its method does the work and leaves the credential unused → mount the guard before method-override, or remove it from this route',
      })
    }
    return stage.refuse(ask, 'the same credential again', USED)
  })
}

function openedTwice({ valid }: World): Plan {
  return admitting('looked-at-twice', 'lets a signed user look a second time', async (stage) => {
    const ask = await valid()
    await stage.pass(ask, 'a link that is opened')
    return stage.pass(ask, 'the same link again')
  })
}

/** Someone who has seen the nonce must not be able to use it up. */
function forgedFirst({ pair }: World): Plan {
  const name = 'leaves a credential unused of which a forgery was sent first'
  return admitting('forged-first', name, async (stage) => {
    const { valid, forged } = await pair()
    await stage.refuse(forged, 'the same with a wrong signature', dueFor('signature_invalid'))
    return stage.pass(valid, 'a signed user, after a forgery with the same nonce', {
      tells:
        'a forgery uses the real credential up: the use is recorded before the signature is verified → record the use last, after all other checks: anyone can send a nonce',
    })
  })
}

function oneWinner({ valid, codes }: World): Plan {
  const name = `lets one of ${CALLERS} requests in that use a credential at the same time`
  return refusing('one-winner', name, USED, async (stage) => {
    const ask = await valid()
    const what = `one of ${CALLERS} uses at the same time`
    const all = await Promise.all(Array.from({ length: CALLERS }, () => stage.send(ask, what)))
    const winners = all.filter(succeeded)
    const failure = all.find((each) => !succeeded(each) && !isBeaten(each, codes))
    if (failure) return failure
    if (winners.length === 1) return stage.refuse(ask, `the same again, after ${CALLERS}`, USED)
    const means =
      winners.length > 1
        ? 'requests at the same time use a credential more than once: checking and recording are two steps, or each process has a store of its own'
        : 'requests at the same time use a credential up without one being let in'
    return stage.fault(winners[0] ?? (all[0] as CaseResponse), {
      received: `${winners.length} of ${CALLERS} were let in`,
      severity: winners.length > 1 ? 'a way in' : 'a broken promise',
      tells: `${means} → give the guard a \`replayStore\` that decides in one atomic step and is shared by all processes`,
    })
  })
}

/** Losers come too late, or while the winner is still at work. */
function isBeaten({ status, code }: CaseResponse, codes: boolean): boolean {
  if (!codes) return [400, 401, 403, 409].includes(status)
  return code === 'token_replayed' || code === 'nonce_in_progress'
}

function usedElsewhere({ valid }: World): Plan {
  const name = 'refuses on each process what was used on another'
  return refusing('used-elsewhere', name, USED, async (stage) => {
    const ask = await valid()
    await stage.pass(ask, 'a signed user')
    for (const other of await stage.elsewhere()) {
      const response = await other.send(ask, 'the same credential, on another process', USED)
      if (!succeeded(response)) continue
      stage.fault(response, {
        tells:
          'each process remembers used credentials for itself: a link can be used once in each of them → give all processes one `replayStore`: Redis or PostgreSQL, not memory',
      })
    }
    return stage.refuse(ask, 'the same credential again', USED)
  })
}

function everywhere({ valid }: World): Plan {
  return admitting('everywhere', 'lets a signed user in on every process', async (stage) => {
    const ask = await valid()
    for (const other of await stage.elsewhere()) await other.pass(ask, 'a signed user, elsewhere')
    return stage.pass(ask, 'a signed user')
  })
}
