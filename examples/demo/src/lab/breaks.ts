import { createVerifier, type Portal, type ReplayStore } from '@countersign/core'
import { requestOf } from '@countersign/explain'
import { DEFECTS, mint, type Defect, type WireRequest } from '@countersign/testing'
import type { SampleUser } from '../app/users'
import type { Format } from '../formats'
import type { Shared } from '../portals'

interface Recipe {
  readonly label: string
  /** A defect of the test kit. Of several, the first that the credential can have. */
  readonly defects: readonly Defect[]
  /** How long ago it was signed, in milliseconds. */
  readonly age?: number
}

const EIGHT_DAYS = 8 * 86_400_000

const RECIPES: Readonly<Record<string, Recipe>> = {
  letter: { label: 'One letter changed', defects: ['tampered'] },
  old: { label: 'Signed eight days ago', defects: [], age: EIGHT_DAYS },
  project: { label: 'For another project', defects: ['wrongAudience', 'otherTenant'] },
  key: { label: 'Signed with another key', defects: ['wrongSecret'] },
  alg: { label: 'alg: none', defects: ['algNoneSigned'] },
  replayed: { label: 'Used twice', defects: ['replayed'] },
  clock: { label: 'Clock an hour ahead', defects: ['notYetValid'] },
  twice: { label: 'Sent twice', defects: ['duplicateHeader', 'duplicateParameter'] },
  hex: { label: 'Upper-case hex', defects: ['upperCaseSignature'] },
  unit: {
    label: 'Wrong unit of time',
    defects: ['millisecondsForSeconds', 'secondsForMilliseconds'],
  },
}

/** @returns the ways to break a credential of this portal: a name, and the text of its button */
export function breaksFor(
  portal: Portal,
  replayStore: ReplayStore,
): readonly (readonly [name: string, label: string])[] {
  return Object.entries(RECIPES).flatMap(([name, { label, defects }]) =>
    defects.length === 0 || defectIn(defects, portal, replayStore) ? [[name, label] as const] : [],
  )
}

export interface Broken {
  /** What would travel if nothing were wrong. */
  readonly signed: string
  readonly sent: string
}

/** @returns `undefined` for a name that does not exist for this portal */
export async function broken(
  name: string,
  format: Format,
  user: SampleUser,
  { portals, portalOrigin, replayStore }: Shared,
): Promise<Broken | undefined> {
  const portal: Portal = portals[format.id]
  const recipe = Object.hasOwn(RECIPES, name) ? RECIPES[name] : undefined
  const defect = recipe && defectIn(recipe.defects, portal, replayStore)
  if (!recipe || (recipe.defects.length > 0 && !defect)) return undefined
  const at = Date.now() - (recipe.age ?? 0)
  const options = { now: () => at, nonce: crypto.randomUUID() }
  const valid = await mint(portal, user as never, options) // each portal takes its own part of a user
  const wrong = await mint(portal, user as never, { ...options, defect }) // the same
  const text = (request: WireRequest): string => textOf(request, format, portalOrigin)
  const uses = createVerifier(portal, { replayStore, consume: ['POST'] })
  for (const request of wrong.before) {
    await uses.verify({ ...requestOf(text(request), portal), method: 'POST' })
  }
  return { signed: text(valid.request), sent: text(wrong.request) }
}

function defectIn(
  defects: readonly Defect[],
  portal: Portal,
  replayStore: ReplayStore,
): Defect | undefined {
  return defects.find((name) => DEFECTS[name].applies(portal, { replayStore }))
}

/** What travels to the portal, as text that can be shown and edited: a URL, or a request with a body. */
function textOf({ query, headers, body }: WireRequest, format: Format, origin: string): string {
  const url = origin + format.path
  if (!body) return `${url}?${query}${format.flow === 'frame' ? '&embed=true' : ''}`
  const lines = headers.flatMap(([name, value]) =>
    name === 'content-type' ? [] : [`${name}: ${value}`],
  )
  return [`POST ${url} HTTP/1.1`, ...lines, '', Buffer.from(body).toString('utf8')].join('\n')
}
