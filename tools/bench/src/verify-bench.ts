import { cases } from './cases'
import { inWorker } from './in-worker'
import type { Timing, VerifySettings } from './verify-worker'

export interface CaseResult {
  readonly name: string
  readonly title: string
  readonly timings: readonly Timing[]
}

export async function benchVerification(settings: VerifySettings): Promise<readonly CaseResult[]> {
  const results: CaseResult[] = []
  for (const [name, { title }] of Object.entries(cases)) {
    const timings = await inWorker<readonly Timing[]>(
      'verify-worker.js',
      name,
      JSON.stringify(settings),
    )
    results.push({ name, title, timings })
  }
  return results
}
