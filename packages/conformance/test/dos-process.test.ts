import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

it('DS-10 sees no unhandled rejection and no uncaught exception of any lease, store or handler', async () => {
  const script = join(__dirname, 'lease-hostile.ts')
  const args = ['--import', 'tsx', '--conditions=@countersign/source', script]
  const { stdout } = await run(process.execPath, args, { cwd: __dirname, timeout: 120_000 })
  expect(JSON.parse(stdout)).toEqual({ requests: 1_584, events: [] })
}, 120_000)
