import type { Plan } from '../cases/case'
import { problemDocument, uncached, unsniffed, type Look } from '../portal/looks'
import { UNAUTHENTICATED } from './due'
import { refusing, signing } from './plans'
import type { SignWorld } from './world'

/** What the endpoint answers. */
export function replyPlans(world: SignWorld): readonly Plan[] {
  return [
    nobody(world),
    signedIn(world),
    ...replyLooks.map((each) => lookedAt(world, each)),
    ...(world.kind.codes ? refusalLooks.map((each) => refusalLookedAt(world, each)) : []),
    nobodyAfter(world),
  ]
}

function nobody(world: SignWorld): Plan {
  return refusing('nobody', 'signs nobody where nobody is signed in', (stage) =>
    stage.refuse(world.nobody(), 'nobody', UNAUTHENTICATED),
  )
}

function nobodyAfter(world: SignWorld): Plan {
  const name = 'signs nobody on the connection on which somebody was signed'
  return refusing('nobody-after-user', name, async (stage) => {
    const line = stage.onOneLine()
    await line.pass(await world.somebody(), 'somebody who is signed in')
    return line.refuse(
      world.nobody(),
      'nobody, after somebody on the same connection',
      UNAUTHENTICATED,
    )
  })
}

function signedIn(world: SignWorld): Plan {
  return signing('signed-in', 'answers with what its portal takes', async (stage) => {
    const response = await stage.pass(await world.somebody(), 'somebody who is signed in')
    await world.vouched(stage, response)
    return response
  })
}

type LookRow = readonly [id: string, name: string, look: Look]

const hidesUrl: Look = ({ headers }) =>
  /\bno-referrer\b|\bsame-origin\b/.test(headers['referrer-policy'] ?? '')
    ? null
    : {
        received: `referrer-policy: ${headers['referrer-policy'] ?? 'nothing'}`,
        means: 'the page that comes next may learn the address with the credential in it',
        fix: 'leave `referrer-policy: no-referrer` as the endpoint sets it',
      }

const replyLooks: readonly LookRow[] = [
  ['not-cached', 'keeps what it signs out of caches', uncached],
  ['not-sniffed', 'lets no browser guess what its answer is', unsniffed],
  ['not-referred', 'lets no page learn where it sent somebody', hidesUrl],
]

const refusalLooks: readonly LookRow[] = [
  ['refusal-not-cached', 'keeps refusals out of caches', uncached],
  ['refusal-not-sniffed', 'lets no browser guess what a refusal is', unsniffed],
  ['refusal-document', 'refuses with a problem document', problemDocument],
]

function lookedAt(world: SignWorld, [id, name, look]: LookRow): Plan {
  return signing(id, name, async (stage) => {
    const ask = await world.somebody()
    const response = await stage.pass(ask, 'somebody who is signed in')
    const fault = look(response, ask)
    return fault ? stage.fault(response, fault) : response
  })
}

function refusalLookedAt(world: SignWorld, [id, name, look]: LookRow): Plan {
  return refusing(id, name, async (stage) => {
    const ask = world.nobody()
    const response = await stage.refuse(ask, 'nobody', UNAUTHENTICATED)
    const fault = look(response, ask)
    return fault ? stage.fault(response, fault) : response
  })
}
