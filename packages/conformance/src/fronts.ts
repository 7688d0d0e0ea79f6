import { coreFront } from './core-front'
import type { Front } from './front'
import { expressFront, koaFront } from './http-fronts'

/** The four frameworks, each behind a real socket. */
export const httpFronts: readonly Front[] = [
  expressFront(4),
  expressFront(5),
  koaFront(2),
  koaFront(3),
]

/** Everywhere a credential can be judged. */
export const fronts: readonly Front[] = [coreFront, ...httpFronts]
