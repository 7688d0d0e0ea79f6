import { memoryReplayStore, type Portal } from '@countersign/core'
import { fdback, featkit, harlyy, seggwat } from '@countersign/schemes'
import { testSecret, type GuardFacts } from '@countersign/testing'
import { acme, community, ticket } from './own-schemes'

/** Everyone's clock, in milliseconds. */
export const NOW = 1_789_000_000_000
export const now = (): number => NOW

export const NAMES = [
  'FeatKit',
  'SeggWat',
  'SeggWat JWT',
  'Harlyy',
  'fdback',
  'acme',
  'community',
  'ticket',
] as const

export type SampleName = (typeof NAMES)[number]

/** A portal as an app makes it that only verifies: what only signing needs is left out. */
export interface Sample {
  readonly portal: Portal
  /** What `mint` is given; its type is the portal's own. */
  readonly user: never
  /** The options of its guard, but for the clock. */
  readonly guard: GuardFacts
}

export const secret: string = testSecret()

const ada = { id: 'u_1', email: 'ada@example.com', name: 'Ada Lovelace' } as never // as the others: see `user`
const avatar = 'https://example.com/a.png'
const bearer = { bearer: true }

const makers: Readonly<Record<SampleName, () => Sample>> = {
  FeatKit: () => ({ portal: featkit({ secret }), user: ada, guard: bearer }),
  SeggWat: () => ({ portal: seggwat({ secret, projectKey: 'abc123' }), user: ada, guard: bearer }),
  'SeggWat JWT': () => ({
    portal: seggwat({ secret, projectKey: 'abc123', mode: 'jwt' }),
    user: ada,
    guard: bearer,
  }),
  Harlyy: () => ({ portal: harlyy({ secret }), user: {} as never, guard: bearer }),
  fdback: () => ({
    portal: fdback({ secret, workspaceId: 'ws_demo' }),
    user: { email: 'ada@example.com', name: 'Ada', avatar } as never,
    guard: { replayStore: memoryReplayStore({ now }) },
  }),
  acme: () => ({ portal: acme({ secret, site: 'main' }), user: ada, guard: bearer }),
  community: () => ({
    portal: community({ secret, community: 'knitting' }),
    user: ada,
    guard: bearer,
  }),
  ticket: () => ({ portal: ticket({ secret }), user: ada, guard: bearer }),
}

/** Made anew each time: nothing is remembered from one to the next. */
export function sample(name: SampleName): Sample {
  return makers[name]()
}
