import type { Portal } from '@countersign/core'
import { fdback, featkit, harlyy, seggwat } from '@countersign/core/schemes'
import { secret, type Mistake } from './mistakes'
import { featkitMistakes, harlyyMistakes, jwtMistakes, seggwatMistakes } from './mistakes-in-links'
import { fdbackMistakes } from './mistakes-in-messages'

export const portals = {
  featkit: featkit({ secret }),
  seggwat: seggwat({ secret, projectKey: 'acme' }),
  jwt: seggwat({ secret, projectKey: 'acme', mode: 'jwt' }),
  harlyy: harlyy({ secret }),
  fdback: fdback({ secret, workspaceId: 'acme' }),
}
const of = (page: string, portal: Portal, mistakes: readonly Mistake[]) =>
  mistakes.map((each) => [page, ...each, portal] as const)
/** Every mistake on the pages of the portals: the page, what was done, the code, the request, the portal. */
export const allMistakes = [
  ...of('featkit', portals.featkit, featkitMistakes),
  ...of('seggwat', portals.seggwat, seggwatMistakes),
  ...of('seggwat', portals.jwt, jwtMistakes),
  ...of('harlyy', portals.harlyy, harlyyMistakes),
  ...of('fdback', portals.fdback, fdbackMistakes),
]
