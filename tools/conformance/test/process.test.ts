import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

it('hostile input and broken applications cause no long work, unhandled rejection or exception', async () => {
  const script = join(__dirname, 'hostile.ts')
  const args = ['--import', 'tsx', '--conditions=@countersign/source', script]
  const { stdout } = await run(process.execPath, args, { cwd: __dirname, timeout: 50_000 })
  expect(JSON.parse(stdout)).toEqual({ inputs: 168, slow: [], requests: 448, events: [] })
})
