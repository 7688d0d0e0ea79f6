import type { Plan } from '../cases/case'
import type { CaseResponse } from '../cases/response'
import { GETS_THROUGH, type Stage } from '../cases/stage'
import { DEFECTS } from '../defects'
import type { Defect } from '../recipes/recipe'
import {
  challenged,
  keptPrivate,
  notMadeCacheable,
  problemDocument,
  quiet,
  uncached,
  unsniffed,
  type Look,
} from './looks'
import type { World } from './world'

/** Refusals of every kind: of nobody, of a form, of a signature, of a claim. */
const SAMPLES: readonly Defect[] = [
  'missing',
  'duplicateParameter',
  'duplicateSignatureHeader',
  'wrongSecret',
  'truncatedSignature',
  'notJson',
  'expired',
]

/** A body that is no JSON may be refused by the app’s own parser. */
const SIGNED_BODY_SAMPLES = SAMPLES.filter((defect) => defect !== 'notJson')

/** How answers must look to caches, browsers and clients. */
export function answerPlans(world: World): readonly Plan[] {
  const { codes } = world.kind
  return [
    sampled(
      world,
      ['refusal-not-cached', 'keeps refusals out of caches'],
      codes ? uncached : notMadeCacheable,
    ),
    sampled(
      world,
      ['refusal-quiet', 'says nothing of credentials or of itself in refusals'],
      quiet,
    ),
    ...(codes ? codedPlans(world) : []),
    ...(world.inUrl ? [privatePlan(world)] : []),
  ]
}

function codedPlans(world: World): readonly Plan[] {
  return [
    sampled(world, ['refusal-document', 'refuses with a problem document'], problemDocument),
    sampled(world, ['refusal-not-sniffed', 'lets no browser guess what a refusal is'], unsniffed),
    sampled(world, ['refusal-challenge', 'says with each 401 what to send'], challenged),
    forgeriesAlike(world),
  ]
}

/** Looks at refusals of every kind that this portal has. */
function sampled(world: World, [id, name]: readonly [id: string, name: string], look: Look): Plan {
  const samples = refusedOf(world, world.signsBody ? SIGNED_BODY_SAMPLES : SAMPLES)
  const { expect } = DEFECTS[samples.at(-1) ?? 'missing']
  return {
    id,
    name,
    expect,
    play: (stage) =>
      lastOf(samples, async (defect) => {
        const { request } = await world.wrong(defect)
        const response = await stage.refuse(request, DEFECTS[defect].says, DEFECTS[defect].expect)
        const fault = look(response, request)
        return fault ? stage.fault(response, fault) : response
      }),
  }
}

/** Those that the portal can have, and its guard refuses. */
function refusedOf({ defects, optional }: World, wanted: readonly Defect[]): readonly Defect[] {
  return wanted.filter((defect) => defects.includes(defect) && !(optional && defect === 'missing'))
}

/** One after the other. */
async function lastOf(
  defects: readonly Defect[],
  play: (defect: Defect) => Promise<CaseResponse>,
): Promise<CaseResponse> {
  let last: CaseResponse | undefined
  for (const defect of defects) last = await play(defect)
  if (last) return last
  throw new TypeError('There is nothing that this portal’s guard refuses')
}

const FORGERIES: readonly Defect[] = [
  'wrongSecret',
  'tampered',
  'zeroSignature',
  'truncatedSignature',
  'otherTenant',
  'malformedTenant',
]

/** Who tries must not learn how near he came. */
function forgeriesAlike(world: World): Plan {
  const forgeries = refusedOf(world, FORGERIES)
  return {
    id: 'forgeries-alike',
    name: 'answers every forgery alike',
    expect: DEFECTS.wrongSecret.expect,
    async play(stage) {
      let first: CaseResponse | undefined
      return lastOf(forgeries, async (defect) => {
        const response = await refused(world, stage, defect)
        first ??= response
        if (faceOf(first) === faceOf(response)) return response
        return stage.fault(response, {
          received: 'another answer than to a forgery of another kind',
          means:
            'whoever tries learns how near they came: whether a tenant exists, or a form was right',
          fix: 'leave the guard’s answers as they are: they tell every forgery the same',
        })
      })
    },
  }
}

async function refused(world: World, stage: Stage, defect: Defect): Promise<CaseResponse> {
  const { request } = await world.wrong(defect)
  return stage.refuse(request, DEFECTS[defect].says, DEFECTS[defect].expect)
}

function faceOf({ status, text, headers }: CaseResponse): string {
  return [status, text, headers['www-authenticate'], headers['content-type']].join('\n')
}

function privatePlan({ good }: World): Plan {
  return {
    id: 'signed-user-private',
    name: 'keeps the answer to a link, and the link, from caches and from the next page',
    expect: GETS_THROUGH,
    async play(stage) {
      const ask = await good()
      const response = await stage.pass(ask, 'a signed user')
      const fault = keptPrivate(response, ask)
      return fault ? stage.fault(response, fault) : response
    },
  }
}
