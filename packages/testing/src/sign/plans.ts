import type { Plan } from '../cases/case'
import { GETS_THROUGH } from '../cases/stage'
import { UNAUTHENTICATED } from './due'

/** Somebody is signed. */
export function signing(id: string, name: string, play: Plan['play']): Plan {
  return { id, name, expect: GETS_THROUGH, play }
}

/** Nobody is signed, for nobody is signed in. */
export function refusing(id: string, name: string, play: Plan['play']): Plan {
  return { id, name, expect: UNAUTHENTICATED, play }
}
