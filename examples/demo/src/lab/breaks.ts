import { createVerifier, type Portal, type ReplayStore } from '@countersign/core'
import { requestOf } from '@countersign/explain'
import { DEFECTS, mint, type Defect } from '@countersign/testing'
import type { SampleUser } from '../app/users'
import type { Format } from '../formats'
import { mintedText } from './travel'

/** A way to break a credential. */
export interface Break {
  readonly name: string
  readonly label: string
}

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

/** The ways to break a credential of this portal. */
export function breaksFor(portal: Portal, replayStore: ReplayStore): readonly Break[] {
  return Object.entries(RECIPES).flatMap(([name, { label, defects }]) =>
    defects.length === 0 || defectIn(defects, portal, replayStore) ? [{ name, label }] : [],
  )
}

export interface Broken {
  /** What would travel if nothing were wrong. */
  readonly signed: string
  readonly sent: string
}

export interface BreakContext {
  readonly format: Format
  readonly portal: Portal
  readonly user: SampleUser
  readonly portalOrigin: string
  readonly replayStore: ReplayStore
}

/** @returns `undefined` for a name that does not exist for this portal */
export async function broken(name: string, context: BreakContext): Promise<Broken | undefined> {
  const { format, portal, user, portalOrigin, replayStore } = context
  const recipe = Object.hasOwn(RECIPES, name) ? RECIPES[name] : undefined
  const defect = recipe && defectIn(recipe.defects, portal, replayStore)
  if (!recipe || (recipe.defects.length > 0 && !defect)) return undefined
  const at = Date.now() - (recipe.age ?? 0)
  const options = { now: () => at, nonce: crypto.randomUUID() }
  const valid = await mint(portal, user as never, options) // each portal takes its own part of a user
  const wrong = await mint(portal, user as never, { ...options, defect }) // the same
  const text = (request: typeof valid.request): string => mintedText(request, format, portalOrigin)
  for (const request of wrong.before) await use(text(request), context)
  return { signed: text(valid.request), sent: text(wrong.request) }
}

function defectIn(
  defects: readonly Defect[],
  portal: Portal,
  replayStore: ReplayStore,
): Defect | undefined {
  return defects.find((name) => DEFECTS[name].applies(portal, { replayStore }))
}

/** Lets the portal accept it, which uses it up. */
async function use(text: string, { portal, replayStore }: BreakContext): Promise<void> {
  const request = { ...requestOf(text, portal), method: 'POST' }
  await createVerifier(portal, { replayStore, consume: ['POST'] }).verify(request)
}
