import type { Plan } from '../cases/case'
import type { CaseResponse } from '../cases/response'
import { GETS_THROUGH, type Ask, type Stage } from '../cases/stage'
import { DEFECTS } from '../defects'
import { forgedFrom } from './forged'
import type { World } from './world'

const USED = DEFECTS.replayed.expect
const CALLERS = 8

/** What holds for credentials that count once. */
export function oneTimePlans(world: World): readonly Plan[] {
  const { consumes, method, options } = world
  const others = (options.also ?? []).length > 0
  if (!world.singleUse) return others ? [everywhere(world)] : []
  if (!consumes(method)) return [lookedAtTwice(world)]
  return [
    ...peeks(world),
    ...(method === 'GET' ? [] : [pretendedPrefetch(world)]),
    oneWinner(world),
    forgedFirst(world),
    ...(others ? [usedElsewhere(world)] : []),
  ]
}

function passing(id: string, name: string, play: Plan['play']): Plan {
  return { id, name, expect: GETS_THROUGH, play }
}

const PREFETCH = ['Sec-Purpose', 'prefetch;prerender'] as const

/** Mail scanners and browsers open links before people do. */
function peeks({ good, consumes, signsBody }: World): readonly Plan[] {
  if (signsBody) return [] // no link, so nothing that is opened
  const looks = ['GET', 'HEAD', 'OPTIONS']
    .filter((method) => !consumes(method))
    .map((method) => [`looked-at-${method}`, `is only opened with ${method}`, method, []] as const)
  const ahead = ['prefetched', 'a browser fetches ahead', 'GET', [PREFETCH]] as const
  return [...looks, ahead].map(([id, what, method, headers]) =>
    passing(id, `leaves a link unused that ${what}`, async (stage) => {
      const ask = await good()
      const look = { ...ask, method, headers: [...ask.headers, ...headers] }
      await stage.send(look, `a link that ${what}`)
      return stage.pass(ask, `the same link, after it ${what}`.replace('after it a', 'after a'))
    }),
  )
}

/** Only a GET is fetched ahead: on another method the header is a wish to use the credential for ever. */
function pretendedPrefetch({ good, method }: World): Plan {
  return {
    id: 'pretended-prefetch',
    name: `uses a credential up whatever headers say of a ${method}`,
    expect: USED,
    async play(stage) {
      const ask = await good()
      const pretended = { ...ask, headers: [...ask.headers, PREFETCH] }
      await stage.pass(pretended, 'a signed user who pretends to fetch ahead')
      return stage.refuse(pretended, 'the same once more', USED)
    },
  }
}

function lookedAtTwice({ good }: World): Plan {
  return passing('looked-at-twice', 'lets a signed user look a second time', async (stage) => {
    const ask = await good()
    await stage.pass(ask, 'a look at a link')
    return stage.pass(ask, 'another look at the same link')
  })
}

/** A stranger who has seen the nonce must not be able to use it up. */
function forgedFirst({ good }: World): Plan {
  const name = 'leaves a credential unused that was forged before it came'
  return passing('forged-first', name, async (stage) => {
    const ask = await good()
    const { expect } = DEFECTS.wrongSecret
    await stage.refuse(forgedFrom(ask), 'the same with another signature', expect)
    return stage.pass(ask, 'a signed user, after a forgery with the same nonce')
  })
}

/** Losers come too late, or while the winner is still at it. */
function isBeaten({ status, code }: CaseResponse, codes: boolean): boolean {
  if (!codes) return status === 401 || status === 409
  return code === 'token_replayed' || code === 'nonce_in_progress'
}

function oneWinner({ good, kind }: World): Plan {
  return {
    id: 'one-winner',
    name: `lets one of ${CALLERS} in who use a credential at the same time`,
    expect: USED,
    async play(stage) {
      const ask = await good()
      const all = await Promise.all(
        Array.from({ length: CALLERS }, () => stage.send(ask, 'one of eight uses at once')),
      )
      const winners = all.filter((response) => kind.isDue(response))
      const failure = all.find((each) => !kind.isDue(each) && !isBeaten(each, kind.codes))
      if (failure) return failure
      if (winners.length !== 1)
        return tellWinners(stage, winners[0] ?? (all[0] as CaseResponse), winners.length)
      return stage.refuse(ask, 'the same once more, after eight at once', USED)
    },
  }
}

function tellWinners(stage: Stage, response: CaseResponse, winners: number): never {
  return stage.fault(response, {
    received: `${winners} of ${CALLERS} got through`,
    means:
      winners > 1
        ? 'whoever is quick uses a credential more than once: looking and taking are two steps, or each process counts for itself'
        : 'two clicks at once use a credential up for nothing',
    fix: 'give the guard a `replayStore` that decides in one atomic step, shared by all processes',
  })
}

function usedElsewhere({ good }: World): Plan {
  return {
    id: 'used-elsewhere',
    name: 'refuses on each process what was used on another',
    expect: USED,
    play: (stage) =>
      onAll(stage, good, async (other, ask) => {
        const response = await other.send(ask, 'what was used on another process')
        const { status, code } = response
        if (status === USED.status && (code === USED.code || code === null)) return
        stage.fault(response, {
          means: 'each process remembers for itself: a link can be used once in each of them',
          fix: 'give all processes one `replayStore`: Redis or PostgreSQL, not memory',
        })
      }),
  }
}

async function onAll(
  stage: Stage,
  good: World['good'],
  look: (other: Stage, ask: Ask) => Promise<void>,
): Promise<CaseResponse> {
  const others = await stage.elsewhere()
  const ask = await good()
  await stage.pass(ask, 'a signed user')
  for (const other of others) await look(other, ask)
  return stage.refuse(ask, 'the same once more', USED)
}

function everywhere({ good }: World): Plan {
  return passing('everywhere', 'lets a signed user in on every process', async (stage) => {
    const ask = await good()
    for (const other of await stage.elsewhere()) await other.pass(ask, 'a signed user, elsewhere')
    return stage.pass(ask, 'a signed user')
  })
}
