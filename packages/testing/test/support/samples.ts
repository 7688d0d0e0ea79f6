import { memoryReplayStore, type Portal } from '@countersign/core'
import { fdback, featkit, harlyy, seggwat } from '@countersign/core/schemes'
import { testSecret, type GuardFacts } from '@countersign/testing'
import { acme, ticket } from './schemes'

/** The clock of everyone, in milliseconds. */
export const NOW = 1_789_000_000_000
export const now = (): number => NOW
export const secret: string = testSecret()

/** A portal with the user that `mint` is given, and the options of its guard but for the clock. */
export interface Sample {
  readonly portal: Portal
  readonly user: never
  readonly guard: GuardFacts
}

const ada = { id: 'u_1', email: 'ada@example.com', name: 'Ada Lovelace' }
const message = { email: 'ada@example.com', name: 'Ada', avatar: 'https://example.com/a.png' }

const of = (portal: Portal, user: object = ada, guard: GuardFacts = { bearer: true }): Sample => ({
  portal,
  user: user as never, // the portal's own input
  guard,
})

const makers = {
  FeatKit: () => of(featkit({ secret, slug: 'acme' })),
  SeggWat: () => of(seggwat({ secret, projectKey: 'abc123' })),
  'SeggWat JWT': () => of(seggwat({ secret, projectKey: 'abc123', mode: 'jwt' })),
  Harlyy: () => of(harlyy({ secret, businessId: 'acme', surveyId: 'q1' }), {}),
  fdback: () =>
    of(fdback({ secret, workspaceId: 'ws_demo' }), message, {
      replayStore: memoryReplayStore({ now }),
    }),
  acme: () => of(acme({ secret, site: 'main' })),
  ticket: () => of(ticket({ secret })),
}

export type SampleName = keyof typeof makers
export const NAMES = Object.keys(makers) as readonly SampleName[] // its own keys

/** Made anew each time: nothing is remembered from one to the next. */
export function sample(name: SampleName): Sample {
  return makers[name]()
}
