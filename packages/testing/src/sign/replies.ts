import type { Portal } from '@countersign/core'
import { admitting, refusing, type Plan } from '../cases/case'
import { notReferred, notSniffed, notStored, problemDocument, type Look } from '../cases/looks'
import type { CaseResponse } from '../cases/response'
import type { Stage } from '../cases/stage'
import type { WireHeader } from '../minting/request'
import { isLike } from './reply'
import { UNAUTHENTICATED, type Change, type SignWorld } from './world'

export function signedInPlan({ plain, vouched }: SignWorld): Plan {
  return admitting(
    'signed-in',
    'signs a signed-in user as the portal accepts it',
    async (stage) => {
      const response = await plain(stage)
      await vouched(stage, response)
      return response
    },
  )
}

export function signedOutPlan({ signedOut }: SignWorld): Plan {
  const name = 'signs nothing for a signed-out visitor'
  return refusing('signed-out', name, UNAUTHENTICATED, (stage) =>
    stage.refuse(signedOut(), 'a signed-out visitor', UNAUTHENTICATED),
  )
}

type Looks = Readonly<Record<string, readonly [name: string, look: Look]>>

const REPLIES: Looks = {
  'not-cached': ['keeps what it signs out of caches', notStored],
  'not-sniffed': ['lets no browser guess the type of its answer', notSniffed],
  'not-referred': ['keeps the URL of its answer from other pages', notReferred],
}
const REFUSALS: Looks = {
  'refusal-not-cached': ['keeps refusals out of caches', notStored],
  'refusal-not-sniffed': ['lets no browser guess the type of a refusal', notSniffed],
  'refusal-document': ['refuses with a problem document', problemDocument],
}

/** What the answers tell, and where they lead. */
export function replyPlans(world: SignWorld): readonly Plan[] {
  const { signedOut, plain, options } = world
  const afterUser = 'signs nothing for a signed-out visitor on a user’s connection'
  return [
    pointsToPortal(world),
    ...Object.entries(REPLIES).map(([id, [name, look]]) =>
      admitting(id, name, async (stage) => {
        const response = await plain(stage)
        return stage.look(response, look(response, signedOut()))
      }),
    ),
    ...Object.entries(options.codes === false ? {} : REFUSALS).map(([id, [name, look]]) =>
      refusing(id, name, UNAUTHENTICATED, async (stage) => {
        const response = await stage.refuse(signedOut(), 'a signed-out visitor', UNAUTHENTICATED)
        const isOurs = response.code === UNAUTHENTICATED.code // `acceptRefusal` may accept others
        return isOurs ? stage.look(response, look(response, signedOut())) : response
      }),
    ),
    refusing('signed-out-after-user', afterUser, UNAUTHENTICATED, async (stage) => {
      const line = stage.inLine()
      await plain(line)
      const what = 'a signed-out visitor, on the same connection'
      return line.refuse(signedOut(), what, UNAUTHENTICATED)
    }),
  ]
}

const EVIL = 'https://evil.example'
const TARGETS = 'url redirect redirect_uri returnTo next baseUrl origin host portal'.split(' ')
const HOSTS = ['x-forwarded-host', 'x-original-host', 'x-host', 'forwarded-host']

/** Where a request could try to send the credential. */
const MOVES: Readonly<Record<string, Change>> = {
  'the query': { query: TARGETS.map((it) => `${it}=${encodeURIComponent(EVIL)}`).join('&') },
  'forwarded headers': { headers: HOSTS.map((it): WireHeader => [it, 'evil.example']) },
  'its host': { headers: [['host', 'evil.example']] },
  'its referrer': { headers: [['referer', `${EVIL}/`]] },
  'the body': {
    headers: [['content-type', 'application/json']],
    body: Buffer.from(JSON.stringify(Object.fromEntries(TARGETS.map((it) => [it, EVIL])))),
  },
}

/** Another site could use a credential that is sent to it. */
function pointsToPortal(world: SignWorld): Plan {
  const name = 'sends its users to the portal, whatever the request says'
  return admitting('points-to-portal', name, async (stage) => {
    const response = await world.plain(stage)
    assertAddress(world, stage, response)
    for (const [what, change] of Object.entries(MOVES)) {
      const ask = await world.signedIn(change)
      const moved = await stage.send(ask, `a signed-in user, moved by ${what}`)
      if (isLike(response, moved, world.portal)) assertAddress(world, stage, moved)
    }
    return response
  })
}

function assertAddress(world: SignWorld, stage: Stage, response: CaseResponse): void {
  if (world.portal.scheme.carrier.output === 'page') return // the portal's own script knows it
  const { origin, pathname } = new URL(world.replied(stage, response).url)
  if (addressOf(world.portal).test(origin + pathname)) return
  stage.fault(response, {
    received: `a credential sent to ${origin}${pathname}`,
    severity: 'a way in',
    tells:
      'the credential is sent to an address that is not the portal’s: anyone who owns that address can use it → take the address from the portal alone, never from the request; if the app’s portal has a `baseUrl` or ids, give the portal of the cases the same',
  })
}

/** The portal's own page; ids that it was made without may be any. */
function addressOf({ scheme, ids, baseUrl }: Portal): RegExp {
  const known = Object.fromEntries(scheme.address.ids.map((id) => [id, ids[id] ?? `{${id}}`]))
  const page = baseUrl + scheme.address.path(known)
  const literal = page.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\\\{\w+\\\}/g, '[^/]+')
  return new RegExp(`^${literal}/?$`)
}
