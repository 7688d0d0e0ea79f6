import { ranAnyway } from '../cases/explain'
import {
  challenged,
  every,
  notMadeCacheable,
  notReferred,
  notSniffed,
  notStored,
  problemDocument,
  quiet,
  type Look,
} from '../cases/looks'
import { succeeded } from '../cases/response'
import type { Stage } from '../cases/stage'
import { DEFECTS, type Defect } from '../defects/defects'
import { isInUrl } from '../minting/format'
import type { WireRequest } from '../minting/request'
import { distinguishing } from './identity'
import { sentDefects, type PortalCase, type World } from './world'

/** Refusals of every kind: without a credential, for its form, its signature, its claims. */
const SAMPLES =
  'missing duplicateParameter duplicateHeader wrongSecret truncatedSignature notJson expired'
const FORGERIES =
  'wrongSecret tampered zeroSignature truncatedSignature otherTenant malformedTenant'

/** How answers must look to caches, browsers and clients. */
export const answerCases: readonly PortalCase[] = [
  {
    id: 'refusals',
    name: 'refuses with a problem document that is not cached and reveals nothing',
    async play(stage, world) {
      const valid = await stage.pass(await world.valid(), 'a signed user')
      return refuse(stage, world, SAMPLES, (request) => {
        const calm = quiet(distinguishing(world.user), request)
        return world.codes
          ? every(notStored, calm, problemDocument, notSniffed, challenged)
          : every((response) => ranAnyway(response, valid), notMadeCacheable, calm)
      })
    },
  },
  {
    id: 'forgeries-alike',
    name: 'answers all forged credentials in the same way',
    when: ({ codes }) => codes,
    play(stage, world) {
      const look = alike()
      return refuse(stage, world, FORGERIES, () => look)
    },
  },
  {
    id: 'signed-user-private',
    name: 'keeps the answer to a signed link, and the link, from caches and other pages',
    when: ({ portal }) => isInUrl(portal),
    async play(stage, { valid }) {
      const response = await stage.pass(await valid(), 'a signed user')
      stage.look(response, every(notStored, notReferred)(response))
    },
  },
]

/** Looks at one refusal after the other: those that the portal can have and its guard refuses. */
async function refuse(
  stage: Stage,
  world: World,
  names: string,
  lookAfter: (request: WireRequest) => Look,
): Promise<void> {
  const { optional, options, portal } = world
  const sent = sentDefects(world)
  const passes = [
    ...(optional || options.acceptRefusal ? ['missing'] : []), // how the app answers visitors
    ...(portal.scheme.codec.compact ? [] : ['notJson']), // the app's own parser may refuse it
  ]
  for (const defect of names.split(' ') as Defect[]) {
    if (!sent.includes(defect) || passes.includes(defect)) continue
    const { request } = await world.wrong(defect)
    const response = await stage.send(request, DEFECTS[defect].says, DEFECTS[defect].expect)
    if (succeeded(response)) continue // its own case tells it
    stage.look(stage.expect(response), lookAfter(request)(response))
  }
}

/** A forger must not learn how close a forgery came. */
function alike(): Look {
  let first: string | undefined
  return ({ status, text, headers }) => {
    const face = [status, text, headers['www-authenticate'], headers['content-type']].join('\n')
    first ??= face
    return (
      first !== face && {
        received: 'an answer that differs from the answer to another forgery',
        tells:
          'a forger learns how close a forgery came: whether a tenant exists, or a form was right → keep the guard’s answers: they are the same for every forgery',
      }
    )
  }
}
