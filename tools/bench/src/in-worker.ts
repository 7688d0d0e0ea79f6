import { fork } from 'node:child_process'
import path from 'node:path'

/**
 * Measures in a process of its own, so that what V8 has learnt from one case does not colour the next.
 * @param file the program, which calls `answer`
 */
export function inWorker<Result>(file: string, ...input: readonly string[]): Promise<Result> {
  return new Promise((resolve, reject) => {
    const worker = fork(path.join(__dirname, file), input, { execArgv: ['--expose-gc'] })
    let result: { readonly value: Result } | undefined
    worker.on('message', (value) => (result = { value: value as Result })) // all that it sends
    worker.on('error', reject)
    worker.on('exit', (code) => {
      if (code === 0 && result) resolve(result.value)
      else reject(new Error(`Measuring ${input.join(' ')} failed`))
    })
  })
}

/** Sends the result to the process that waits for it, and ends. */
export async function answer(measuring: Promise<unknown>): Promise<void> {
  process.on('disconnect', () => process.exit())
  try {
    const result = await measuring
    process.send?.(result, () => process.disconnect())
  } catch (error) {
    console.error(error)
    process.exit(1)
  }
}
