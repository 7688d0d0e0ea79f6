import type { PortalUser, Verified } from '@countersign/core'
import { admitting, refusing, type Plan } from '../cases/case'
import { changed } from '../cases/changes'
import type { Fault } from '../cases/finding'
import type { CaseResponse } from '../cases/response'
import type { Ask, Stage } from '../cases/stage'
import type { WireHeader } from '../minting/request'
import type { Person, Session } from './options'
import { isLike } from './reply'
import { UNAUTHENTICATED, type Change, type SignWorld } from './world'

const VICTIM = 'countersign-victim'
const EMAIL = 'victim@example.com'

/** The names under which a user may be looked for. */
const CLAIMS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    'id user_id userId sub uid user nonce'.split(' ').map((it) => [it, VICTIM]),
  ),
  email: EMAIL,
  name: 'The Victim',
}
const QUERY = new URLSearchParams(CLAIMS).toString()
const HEADERS = 'x-user-id x-user-email x-email x-user x-forwarded-user remote-user'.split(' ')
const JSON_BODY = JSON.stringify({ ...CLAIMS, user: CLAIMS })

/** Where a request could say who its user is. */
const PLACES: Readonly<Record<string, Change>> = {
  'the JSON body': withBody('application/json', JSON_BODY),
  'a form': withBody('application/x-www-form-urlencoded', QUERY),
  'the query': { query: QUERY },
  headers: { headers: HEADERS.map((it) => [it, it.endsWith('email') ? EMAIL : VICTIM]) },
  cookies: { headers: [['cookie', QUERY.replaceAll('&', '; ')]] },
}

function withBody(type: string, body: string): Change {
  return { headers: [['content-type', type]], body: Buffer.from(body, 'utf8') }
}

/** The signed-in user is signed, whatever the request says. */
export function identityPlans(world: SignWorld): readonly Plan[] {
  const { asOther } = world.options
  const isNamed = world.portal.scheme.claims.user.id.claim !== ''
  return [
    namesThem(world),
    namedByUser(world),
    namedByVisitor(world),
    ...(isNamed ? [changedSession(world)] : []),
    ...(isNamed && asOther ? [otherUser(world, asOther)] : []),
  ]
}

function namesThem(world: SignWorld): Plan {
  return admitting('names-them', 'signs the signed-in user and no one else', async (stage) => {
    const response = await world.plain(stage)
    const signed = await world.vouched(stage, response)
    if (isThem(signed.user, world.options.user ?? {})) return response
    return stage.fault(response, {
      received: 'a credential for another user than `user`',
      severity: 'a way in',
      tells:
        'the endpoint signs another user than the signed-in one: or `user` is not the user of `asUser` → let `user` of the endpoint read the app’s own session and nothing else',
    })
  })
}

function isThem(user: PortalUser, { id, email, name }: Person): boolean {
  const isEmail = user.id !== null && user.id === user.email
  const pairs = [
    [user.id, isEmail ? null : id],
    [user.email, email],
    [user.name, name],
  ] as const
  return pairs.every(
    ([signed, known]) => signed === null || (known ?? null) === null || signed === String(known),
  )
}

function believed(what: string): Fault {
  return {
    received: 'a credential for another user than the signed-in one',
    severity: 'a way in',
    tells: `a client can become any user at the portal: the endpoint believes who the user is from ${what} → let \`user\` read the app’s own session and nothing else: no body, query, header or cookie that a client can set`,
  }
}

function namedByUser(world: SignWorld): Plan {
  const name = 'signs no other user that the request of a signed-in user names'
  return admitting('named-by-user', name, async (stage) => {
    let response: CaseResponse | undefined
    for (const [what, change] of Object.entries(PLACES)) {
      response = await stillThem(world, stage, await world.signedIn(change), believed(what))
    }
    return response as CaseResponse // of five
  })
}

function namedByVisitor({ signedOut }: SignWorld): Plan {
  const name = 'signs no user that the request of a signed-out visitor names'
  return refusing('named-by-visitor', name, UNAUTHENTICATED, async (stage) => {
    for (const [what, change] of Object.entries(PLACES)) {
      const sent = `a signed-out visitor who names a user in ${what}`
      const response = await stage.send(signedOut(change), sent, UNAUTHENTICATED)
      stage.expect(response, believed(what))
    }
    return stage.refuse(signedOut(), 'a signed-out visitor', UNAUTHENTICATED)
  })
}

/** The app may refuse the request. It must not sign another user. */
async function stillThem(
  world: SignWorld,
  stage: Stage,
  ask: Ask,
  fault: Fault,
): Promise<CaseResponse> {
  const plain = await world.plain(stage)
  const before = await world.vouched(stage, plain)
  const response = await stage.send(ask, 'a signed-in user who claims to be another user')
  if (!isLike(plain, response, world.portal)) return plain
  const after = await world.vouched(stage, response)
  const isSame = faceOf(before) === faceOf(after) && after.auth.nonce !== VICTIM
  return isSame ? response : stage.fault(response, fault)
}

function faceOf({ user, auth }: Verified): string {
  const { id, email, name } = user
  return JSON.stringify([id, email, name, auth.tenant])
}

/** A session whose cookie or token was changed is at least not another user's. */
function changedSession(world: SignWorld): Plan {
  const change = ([name, value]: WireHeader): WireHeader => {
    const isSession = /^(?:cookie|authorization)$/i.test(name) // others may be for tests only
    return isSession ? [name, value.split('; ').map(changed).join('; ')] : [name, value]
  }
  const name = 'signs no other user for a changed session'
  return admitting('changed-session', name, async (stage) => {
    const ask = await world.signedIn()
    return stillThem(
      world,
      stage,
      { ...ask, headers: ask.headers.map(change) },
      {
        received: 'a credential for another user, for a changed session',
        severity: 'a way in',
        tells:
          'the session is not protected: with another value in it, a client becomes another user → sign the session cookie, or keep only a random id in it',
      },
    )
  })
}

function otherUser(world: SignWorld, asOther: Session): Plan {
  return admitting('other-user', 'signs another user as that other user', async (stage) => {
    const before = await world.vouched(stage, await world.plain(stage))
    const response = await world.plain(stage, asOther)
    const after = await world.vouched(stage, response)
    if (after.user.id !== before.user.id) return response
    return stage.fault(response, {
      received: 'a credential for the first user',
      severity: 'a way in',
      tells:
        'another signed-in user gets the first one’s credential: an answer is cached, the user is kept between requests, or `asOther` is the same user → cache nothing that this endpoint answers, and read the user from the session of each request',
    })
  })
}
