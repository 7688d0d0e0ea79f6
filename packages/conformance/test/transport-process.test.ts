import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Long for a linear program, and not enough for a quadratic one, in milliseconds. */
const GIVE_UP = 60_000

async function inOwnProcess(task: 'validators' | 'suite'): Promise<unknown> {
  const script = join(__dirname, 'transport-hostile.ts')
  const args = ['--import', 'tsx', '--conditions=@countersign/source', script, task]
  const { stdout } = await run(process.execPath, args, { cwd: __dirname, timeout: GIVE_UP })
  return JSON.parse(stdout) as unknown
}

describe('a process of its own', () => {
  it(
    'DS-06 gets through the worst inputs of every validator, 200 KB each',
    async () => {
      expect(await inOwnProcess('validators')).toEqual({ inputs: 162 })
    },
    GIVE_UP,
  )

  it(
    'DS-10 sees no unhandled rejection and no uncaught exception in the whole suite',
    async () => {
      expect(await inOwnProcess('suite')).toEqual({ requests: 1_588, events: [] })
    },
    GIVE_UP,
  )
})
