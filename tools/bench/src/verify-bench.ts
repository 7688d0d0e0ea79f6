import { fork } from 'node:child_process'
import path from 'node:path'
import { cases } from './cases'
import type { Timing, VerifySettings } from './verify-worker'

export interface CaseResult {
  readonly name: string
  readonly title: string
  readonly timings: readonly Timing[]
}

/**
 * Measures each case in a process of its own: an application has one portal, seldom five, and what
 * the engine learnt from one scheme must not colour the next.
 */
export async function benchVerification(settings: VerifySettings): Promise<readonly CaseResult[]> {
  const results: CaseResult[] = []
  for (const [name, { title }] of Object.entries(cases)) {
    results.push({ name, title, timings: await measureCase(name, settings) })
  }
  return results
}

function measureCase(name: string, settings: VerifySettings): Promise<readonly Timing[]> {
  return new Promise((resolve, reject) => {
    const worker = fork(
      path.join(__dirname, 'verify-worker.js'),
      [name, JSON.stringify(settings)],
      {
        execArgv: ['--expose-gc'],
      },
    )
    let timings: readonly Timing[] | undefined
    worker.on('message', (message) => (timings = message as readonly Timing[])) // all it ever sends
    worker.on('error', reject)
    worker.on('exit', (code) => {
      if (code === 0 && timings) resolve(timings)
      else reject(new Error(`Measuring "${name}" failed`))
    })
  })
}
