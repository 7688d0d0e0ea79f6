import {
  ConfigError,
  type Awaitable,
  type InputOf,
  type Portal,
  type ReplayStore,
} from '@countersign/core'
import { portalCases } from './portal/cases'
import type { PortalCaseOptions } from './portal/options'
import { signEndpointCases } from './sign/cases'
import type { SignEndpointCaseOptions } from './sign/options'
import { replayStoreCases } from './store/cases'
import type { ReplayStoreCaseOptions } from './store/trial'
import type { Target } from './wire/target'

/** What `portalCases` is given, in one object. */
export interface PortalSuite<P extends Portal> extends PortalCaseOptions<InputOf<P>> {
  /** The guarded path, as clients call it. */
  readonly route: string
  readonly portal: P
}

/** What `signEndpointCases` is given, in one object. */
export interface SignEndpointSuite extends SignEndpointCaseOptions {
  /** The endpoint’s path, as its frontend calls it. */
  readonly route: string
  readonly portal: Portal
}

/** What every test runner has in common, and most have as globals. */
interface Runner {
  describe(name: string, block: () => void): unknown
  it(name: string, test: () => Promise<void>): unknown
}

/**
 * All cases of `portalCases` as one block of tests, for runners with `describe` and `it` as globals:
 *
 *     describePortal(app, { route: '/vote', portal })
 *
 * @throws ConfigError where there are no such globals
 */
export function describePortal<P extends Portal>(app: Target, suite: PortalSuite<P>): void {
  const { route, portal, ...options } = suite
  const cases = portalCases(portal, route, options as PortalCaseOptions<InputOf<P>>)
  describeAll(
    `the portal’s route ${route}`,
    cases.map(({ name, run }) => [name, () => run(app)] as const),
  )
}

/**
 * All cases of `signEndpointCases` as one block of tests:
 *
 *     describeSignEndpoint(app, { route: '/api/portal/sign', portal, asUser: { cookie } })
 *
 * @throws ConfigError where `describe` and `it` are no globals
 */
export function describeSignEndpoint(app: Target, suite: SignEndpointSuite): void {
  const { route, portal, ...options } = suite
  const cases = signEndpointCases(portal, route, options)
  describeAll(
    `the sign endpoint ${route}`,
    cases.map(({ name, run }) => [name, () => run(app)] as const),
  )
}

/**
 * All cases of `replayStoreCases` as one block of tests:
 *
 *     describeReplayStore(() => myStore(), { leases: true })
 *
 * @throws ConfigError where `describe` and `it` are no globals
 */
export function describeReplayStore(
  open: () => Awaitable<ReplayStore>,
  options: ReplayStoreCaseOptions = {},
): void {
  describeAll(
    'the replay store',
    replayStoreCases(open, options).map(({ name, run }) => [name, run] as const),
  )
}

function describeAll(
  title: string,
  tests: readonly (readonly [string, () => Promise<void>])[],
): void {
  const { describe, it } = runner()
  describe(title, () => {
    for (const [name, run] of tests) it(name, run)
  })
}

function runner(): Runner {
  const { describe, it } = globalThis as unknown as Partial<Runner> // whichever runs us
  if (typeof describe === 'function' && typeof it === 'function') return { describe, it }
  throw new ConfigError('option_invalid', {
    problem: 'This test runner has no `describe` and `it` as globals',
    fix: 'Loop over the cases: for (const each of portalCases(portal, route)) it(each.name, () => each.run(app))',
  })
}
