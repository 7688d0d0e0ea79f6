import type { ConformanceCase, Finding, Target } from '@countersign/testing'

export type Findings = Readonly<Record<string, Finding>>

/** What the failing cases say, by their ids. */
export async function findingsOf(
  cases: readonly ConformanceCase[],
  target: Target,
): Promise<Findings> {
  const findings: Record<string, Finding> = {}
  for (const { id, send } of cases) {
    const { finding } = await send(target)
    if (finding) findings[id] = finding
  }
  return findings
}

/** Passes where each case passes; else shows what the failing ones say. */
export async function expectPass(cases: readonly ConformanceCase[], target: Target): Promise<void> {
  expect(cases.length).toBeGreaterThan(10)
  expect(await findingsOf(cases, target)).toEqual({})
}
