import type { Awaitable, InputOf, Portal, ReplayStore } from '@countersign/core'
import type { ConformanceCase } from './cases/case'
import { assertTarget, type Target } from './http/target'
import { mistake } from './mistake'
import { portalCases } from './portal/cases'
import type { PortalCaseOptions } from './portal/options'
import { signEndpointCases } from './sign/cases'
import type { SignEndpointCaseOptions } from './sign/options'
import { replayStoreCases } from './store/cases'
import type { ReplayStoreCaseOptions } from './store/options'

/** The arguments of `portalCases` in one object. */
export interface PortalSuite<P extends Portal> extends PortalCaseOptions<InputOf<P>> {
  /** The guarded path, as clients call it. */
  readonly route: string
  readonly portal: P
}

/** The arguments of `signEndpointCases` in one object. */
export interface SignEndpointSuite extends SignEndpointCaseOptions {
  /** The endpoint's path, as its frontend calls it. */
  readonly route: string
  readonly portal: Portal
}

/** What Jest, mocha and Vitest with `globals` have as globals. */
interface Runner {
  describe(name: string, block: () => void): unknown
  /** Jest and Vitest take the timeout, mocha returns a test that has a `timeout` method. */
  it(
    name: string,
    test: () => Promise<unknown>,
    timeout?: number,
  ): { timeout?: (ms: number) => unknown } | undefined
  /** `after` in mocha. */
  readonly afterAll?: (hook: () => void) => unknown
  readonly after?: (hook: () => void) => unknown
}

/**
 * All cases of `portalCases` as tests: `describePortal(app, { route: '/vote', portal })`.
 * @throws ConfigError where `describe` and `it` are no globals
 */
export function describePortal<P extends Portal>(app: Target, suite: PortalSuite<P>): void {
  const { route, portal, ...options } = suite
  const given = options as PortalCaseOptions<InputOf<P>> // without the two
  const cases = portalCases(portal, route, given, describePortal)
  describeAll(`the portal’s route ${route}`, app, cases)
}

/** All cases of `signEndpointCases` as tests, as `describePortal` makes them. */
export function describeSignEndpoint(app: Target, suite: SignEndpointSuite): void {
  const { route, portal, ...options } = suite
  const cases = signEndpointCases(portal, route, options, describeSignEndpoint)
  describeAll(`the sign endpoint ${route}`, app, cases)
}

/** All cases of `replayStoreCases` as tests: `describeReplayStore(() => myStore())`. */
export function describeReplayStore(
  open: () => Awaitable<ReplayStore>,
  options: ReplayStoreCaseOptions = {},
): void {
  const { describe, it } = runner()
  const cases = replayStoreCases(open, options, describeReplayStore)
  describe('the replay store', () => {
    for (const { name, run, timeout } of cases) it(name, run, timeout)?.timeout?.(timeout)
  })
}

function describeAll(title: string, app: Target, cases: readonly ConformanceCase[]): void {
  assertTarget(app)
  const { describe, it, afterAll, after = afterAll } = runner()
  describe(title, () => {
    const lenient: string[] = []
    for (const { id, name, run, timeout } of cases) {
      const test = async (): Promise<void> => {
        if (await run(app)) lenient.push(id)
      }
      it(name, test, timeout)?.timeout?.(timeout)
    }
    after?.(() => {
      const text = `${title} is more lenient than the portal’s rules in ${lenient.length} ways, none of them a way in: ${lenient.join(', ')}`
      if (lenient.length > 0) process.emitWarning(text, { code: 'COUNTERSIGN_LENIENT' })
    })
  })
}

function runner(): Runner {
  const globals = globalThis as unknown as Partial<Runner> // whichever runs us
  if (globals.describe && globals.it) return globals as Runner // it is one
  throw mistake(
    'This test runner has no `describe` and `it` as globals',
    'In Vitest, set `globals: true`. In other runners, loop over the cases, as with portalCases(): for (const each of portalCases(portal, route)) it(each.name, () => each.run(app), each.timeout)',
  )
}
