import type { PortalUser, Verified } from '@countersign/core'
import type { Plan } from '../cases/case'
import type { CaseResponse } from '../cases/response'
import { GETS_THROUGH, type Stage } from '../cases/stage'
import type { Person } from './options'
import type { Change, SignWorld } from './world'
import { UNAUTHENTICATED } from './due'

const VICTIM = 'countersign-victim'
const EMAIL = 'victim@example.com'

/** Every name under which somebody might be looked for. */
const CLAIMS: Readonly<Record<string, string>> = {
  id: VICTIM,
  user_id: VICTIM,
  userId: VICTIM,
  sub: VICTIM,
  uid: VICTIM,
  user: VICTIM,
  email: EMAIL,
  name: 'The Victim',
  nonce: VICTIM,
}
const json = { ...CLAIMS, user: { ...CLAIMS } }

const HEADERS = [
  'x-user-id',
  'x-user-email',
  'x-email',
  'x-user',
  'x-forwarded-user',
  'remote-user',
]

/** Where a request could say who somebody is. */
const PLACES: readonly (readonly [place: string, what: string, change: Change])[] = [
  ['body', 'the JSON body', withBody('application/json', JSON.stringify(json))],
  ['form', 'a form', withBody('application/x-www-form-urlencoded', query(CLAIMS))],
  ['query', 'the query', { query: query(CLAIMS) }],
  ['headers', 'headers', { headers: HEADERS.map((name) => [name, claimFor(name)] as const) }],
]

function withBody(type: string, body: string): Change {
  return { headers: [['content-type', type]], body: Buffer.from(body, 'utf8') }
}

function query(claims: Readonly<Record<string, string>>): string {
  return new URLSearchParams(claims).toString()
}

function claimFor(header: string): string {
  return header.endsWith('email') ? EMAIL : VICTIM
}

/** Who is signed: whoever is signed in, whatever the request says. */
export function identityPlans(world: SignWorld): readonly Plan[] {
  return [
    {
      id: 'names-them',
      name: 'signs whoever is signed in, and nobody else',
      expect: GETS_THROUGH,
      async play(stage) {
        const response = await stage.pass(await world.somebody(), 'somebody who is signed in')
        const { user } = await world.vouched(stage, response)
        return isThem(user, world.options.user ?? {})
          ? response
          : stage.fault(response, otherThan())
      },
    },
    ...PLACES.flatMap((place) => placePlans(world, place)),
  ]
}

function placePlans(
  world: SignWorld,
  [place, what, change]: (typeof PLACES)[number],
): readonly Plan[] {
  return [
    {
      id: `claims-in-${place}`,
      name: `signs nobody else for ${what}`,
      expect: GETS_THROUGH,
      play: (stage) => stillThem(world, stage, change),
    },
    {
      id: `nobody-with-${place}`,
      name: `signs nobody for ${what} alone`,
      expect: UNAUTHENTICATED,
      play: (stage) =>
        stage.refuse(
          world.nobody(change),
          `nobody, with somebody’s name in ${what}`,
          UNAUTHENTICATED,
        ),
    },
  ]
}

/** The app’s own parser may refuse the request. It must not lead to somebody else. */
async function stillThem(world: SignWorld, stage: Stage, change: Change): Promise<CaseResponse> {
  const plain = await stage.pass(await world.somebody(), 'somebody who is signed in')
  const before = await world.vouched(stage, plain)
  const what = 'somebody who is signed in, with the name of somebody else'
  const response = await stage.send(await world.somebody(change), what)
  if ([400, 413, 415, 422].includes(response.status)) return plain
  const after = await world.vouched(stage, stage.expect(response))
  const same = faceOf(before) === faceOf(after) && after.auth.nonce !== VICTIM
  return same ? response : stage.fault(response, otherThan())
}

function faceOf({ user, auth }: Verified): string {
  const { id, email, name } = user
  return JSON.stringify([id, email, name, auth.tenant])
}

function isThem(user: PortalUser, { id, email, name }: Person): boolean {
  const byEmail = user.id !== null && user.id === user.email
  const pairs = [
    [user.id, byEmail ? null : id],
    [user.email, email],
    [user.name, name],
  ] as const
  return pairs.every(
    ([signed, known]) =>
      signed === null || known === null || known === undefined || signed === String(known),
  )
}

function otherThan() {
  return {
    received: 'a credential for somebody else than who is signed in',
    means:
      'whoever calls can become anybody at the portal: the endpoint believes what the request says',
    fix: 'let `user` read the app’s own session and nothing else: no body, no query, no header that a client can set',
  }
}
