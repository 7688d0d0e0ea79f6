import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { memoryReplayStore } from '@countersign/core'
import { catchWarnings, inProduction } from './support/process'

const run = promisify(execFile)

/** The warnings of a memory store in a process, and in a worker of its cluster. */
async function inCluster(environment: string): Promise<unknown> {
  const script = join(__dirname, 'support/cluster-worker.ts')
  const args = ['--import', 'tsx', '--conditions=@countersign/source', script]
  const env = { ...process.env, NODE_ENV: environment }
  const { stdout } = await run(process.execPath, args, { cwd: __dirname, env, timeout: 50_000 })
  return JSON.parse(stdout) as unknown
}

afterEach(() => {
  jest.restoreAllMocks()
})

describe('a store that one process alone knows', () => {
  it('warns once when it is made in production, however it is used', async () => {
    const warnings = catchWarnings()
    const store = inProduction(() => memoryReplayStore())
    await inProduction(() => store.claim('a', Date.now() + 60_000))
    await inProduction(() => store.has('a'))
    expect(warnings.codes()).toEqual(['COUNTERSIGN_MEMORY_STORE'])
    expect(warnings.texts().join()).toMatch(/in this process only\. .* pass a `replayStore`/)
  })

  it('does not warn elsewhere', () => {
    const warnings = catchWarnings()
    memoryReplayStore()
    expect(warnings.codes()).toEqual([])
  })

  it('warns once in a worker of a cluster, and not in its primary', async () => {
    expect(await inCluster('development')).toEqual({
      primary: [],
      worker: ['COUNTERSIGN_MEMORY_STORE'],
    })
  })

  it('warns once in each where both are in production', async () => {
    expect(await inCluster('production')).toEqual({
      primary: ['COUNTERSIGN_MEMORY_STORE'],
      worker: ['COUNTERSIGN_MEMORY_STORE'],
    })
  })
})
