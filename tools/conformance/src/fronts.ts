import { coreFront } from './core-front'
import type { Front } from './front'
import { httpFronts } from './http-fronts'

/** Every place where a credential can be verified. */
export const fronts: readonly Front[] = [coreFront, ...httpFronts]
