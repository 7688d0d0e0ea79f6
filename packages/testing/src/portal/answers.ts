import { admitting, refusing, type Plan } from '../cases/case'
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
import type { World } from './world'

/** Refusals of every kind: without a credential, for its form, its signature, its claims. */
const SAMPLES: readonly Defect[] = [
  'missing',
  'duplicateParameter',
  'duplicateSignatureHeader',
  'wrongSecret',
  'truncatedSignature',
  'notJson',
  'expired',
]

const FORGERIES: readonly Defect[] = [
  'wrongSecret',
  'tampered',
  'zeroSignature',
  'truncatedSignature',
  'otherTenant',
  'malformedTenant',
]

type Looks = Readonly<Record<string, readonly [name: string, look: () => Look]>>

/** How answers must look to caches, browsers and clients. */
export function answerPlans(world: World): readonly Plan[] {
  const { portal, user, codes } = world
  const stored = codes ? notStored : notMadeCacheable
  const always: Looks = {
    'refusal-not-cached': ['keeps refusals out of caches', () => stored],
    'refusal-quiet': [
      'tells nothing of a credential or of itself in refusals',
      () => quiet(distinguishing(user)),
    ],
  }
  const own: Looks = {
    'refusal-document': ['refuses with a problem document', () => problemDocument],
    'refusal-not-sniffed': ['lets no browser guess the type of a refusal', () => notSniffed],
    'refusal-challenge': ['tells the client with each 401 what to send', () => challenged],
    'forgeries-alike': ['answers all forgeries alike', alike],
  }
  return [
    ...Object.entries(codes ? { ...always, ...own } : always).map(([id, [name, look]]) =>
      refusals(world, id, name, look),
    ),
    ...(isInUrl(portal) ? [privatePlan(world)] : []),
  ]
}

/** Looks at one refusal after the other: those that the portal can have and its guard refuses. */
function refusals(world: World, id: string, name: string, look: () => Look): Plan {
  const { defects, optional, options, wrong, portal } = world
  const passes = [
    ...(optional || options.acceptRefusal ? ['missing'] : []), // how the app answers visitors
    ...(portal.scheme.codec.compact ? [] : ['notJson']), // the app's own parser may refuse it
  ]
  const wanted = look === alike ? FORGERIES : SAMPLES
  const samples = wanted.filter((it) => defects.includes(it) && !passes.includes(it))
  return refusing(id, name, DEFECTS[samples.at(-1) ?? 'wrongSecret'].expect, async (stage) => {
    const fault = look()
    let refused: CaseResponse | undefined
    let letIn: CaseResponse | undefined
    for (const defect of samples) {
      const { request } = await wrong(defect)
      const { says, expect } = DEFECTS[defect]
      const response = await stage.send(request, says, expect)
      if (succeeded(response)) {
        letIn = response // its own case tells it
        continue
      }
      refused = stage.expect(response)
      stage.look(refused, fault(refused, request))
    }
    return refused ?? (letIn as CaseResponse) // every portal has some
  })
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

function privatePlan({ valid }: World): Plan {
  const name = 'keeps the answer to a signed link, and the link, from caches and other pages'
  return admitting('signed-user-private', name, async (stage) => {
    const ask = await valid()
    const response = await stage.pass(ask, 'a signed user')
    return stage.look(response, keptPrivate(response, ask))
  })
}
