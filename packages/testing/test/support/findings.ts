import type { RequestListener } from 'node:http'
import { DEFECTS, type ConformanceCase, type Finding, type Target } from '@countersign/testing'
import { served } from './apps'

export type Findings = Readonly<Record<string, Finding>>

/** What the failing cases say, by their ids. An app is served once for all of them. */
export async function findingsOf(
  cases: readonly ConformanceCase[],
  target: Target,
): Promise<Findings> {
  if (typeof target === 'function' && target.length > 1) {
    return served(target as RequestListener, (_port, server) => findingsOf(cases, server)) // no `fetch` handler
  }
  const findings: Record<string, Finding> = {}
  for (const { id, run } of cases) {
    await run(target).catch((error: { readonly finding?: Finding }) => {
      if (!error.finding) throw error
      findings[id] = error.finding
    })
  }
  return findings
}

/** Passes where each case passes; else shows what the failing ones say. */
export async function expectPass(cases: readonly ConformanceCase[], target: Target): Promise<void> {
  expect(cases.length).toBeGreaterThan(8)
  expect(await findingsOf(cases, target)).toEqual({})
}

/** The same with one in twelve of the broken credentials, and on the usual way: for what does not depend on them. */
export const expectMostPass = (cases: readonly ConformanceCase[], target: Target): Promise<void> =>
  expectPass(
    cases.filter(
      ({ id }, index) => id !== 'ways-around' && (index % 12 === 0 || !Object.hasOwn(DEFECTS, id)),
    ),
    target,
  )
