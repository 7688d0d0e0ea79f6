import type { ConformanceCase, Finding, Target } from '@countersign/testing'

/** The ids of the cases that fail against a target. */
export async function failingIds(
  cases: readonly ConformanceCase[],
  target: Target,
): Promise<readonly string[]> {
  return Object.keys(await findingsOf(cases, target))
}

/** What the failing cases have to say, by their ids. */
export async function findingsOf(
  cases: readonly ConformanceCase[],
  target: Target,
): Promise<Readonly<Record<string, Finding>>> {
  const findings: Record<string, Finding> = {}
  for (const { id, send, check } of cases) {
    const finding = check(await send(target))
    if (finding) findings[id] = finding
  }
  return findings
}
