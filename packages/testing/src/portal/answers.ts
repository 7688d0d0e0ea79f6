import {
  challenged,
  keptPrivate,
  notMadeCacheable,
  notSniffed,
  notStored,
  problemDocument,
  quiet,
  type Look,
} from '../cases/looks'
import { succeeded, type CaseResponse } from '../cases/response'
import { DEFECTS, type Defect } from '../defects/defects'
import { isInUrl } from '../minting/format'
import { distinguishing } from './identity'
import type { Case, World } from './world'

/** Refusals of every kind: without a credential, for its form, its signature, its claims. */
const SAMPLES =
  'missing duplicateParameter duplicateSignatureHeader wrongSecret truncatedSignature notJson expired'
const FORGERIES =
  'wrongSecret tampered zeroSignature truncatedSignature otherTenant malformedTenant'

const withCodes = ({ codes }: World): boolean => codes

/** How answers must look to caches, browsers and clients. */
export const answerCases: readonly Case[] = [
  refusals('refusal-not-cached', 'keeps refusals out of caches', ({ codes }) =>
    codes ? notStored : notMadeCacheable,
  ),
  refusals('refusal-quiet', 'tells nothing of a credential or of itself in refusals', ({ user }) =>
    quiet(distinguishing(user)),
  ),
  {
    ...refusals('refusal-document', 'refuses with a problem document', () => problemDocument),
    when: withCodes,
  },
  {
    ...refusals(
      'refusal-not-sniffed',
      'lets no browser guess the type of a refusal',
      () => notSniffed,
    ),
    when: withCodes,
  },
  {
    ...refusals(
      'refusal-challenge',
      'tells the client with each 401 what to send',
      () => challenged,
    ),
    when: withCodes,
  },
  {
    ...refusals('forgeries-alike', 'answers all forgeries alike', alike, FORGERIES),
    when: withCodes,
  },
  {
    id: 'signed-user-private',
    name: 'keeps the answer to a signed link, and the link, from caches and other pages',
    when: ({ portal }) => isInUrl(portal),
    async play(stage, { valid }) {
      const ask = await valid()
      const response = await stage.pass(ask, 'a signed user')
      return stage.look(response, keptPrivate(response, ask))
    },
  },
]

/** Looks at one refusal after the other: those that the portal can have and its guard refuses. */
function refusals(
  id: string,
  name: string,
  lookOf: (world: World) => Look,
  defects = SAMPLES,
): Case {
  return {
    id,
    name,
    due: DEFECTS.wrongSecret.expect,
    async play(stage, world) {
      const look = lookOf(world)
      let letIn: CaseResponse | undefined
      let refused: CaseResponse | undefined
      for (const defect of samples(defects.split(' ') as Defect[], world)) {
        const { request } = await world.wrong(defect)
        const { says, expect } = DEFECTS[defect]
        const response = await stage.send(request, says, expect)
        if (succeeded(response))
          letIn = response // its own case tells it
        else refused = stage.look(stage.expect(response), look(response, request))
      }
      return refused ?? (letIn as CaseResponse) // every portal has some
    },
  }
}

function samples(defects: readonly Defect[], world: World): readonly Defect[] {
  const { optional, options, portal } = world
  const passes = [
    ...(optional || options.acceptRefusal ? ['missing'] : []), // how the app answers visitors
    ...(portal.scheme.codec.compact ? [] : ['notJson']), // the app's own parser may refuse it
  ]
  return defects.filter((it) => world.defects.includes(it) && !passes.includes(it))
}

/** A forger must not learn how close a forgery came. */
function alike(): Look {
  let first: string | undefined
  return ({ status, text, headers }) => {
    const face = [status, text, headers['www-authenticate'], headers['content-type']].join('\n')
    first ??= face
    if (first === face) return null
    return {
      received: 'another answer than to a forgery of another kind',
      tells:
        'a forger learns how close a forgery came: whether a tenant exists, or a form was right → keep the guard’s answers: they are the same for every forgery',
    }
  }
}
