import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { eventually, findProgram, startProcess, temporaryFolder } from '../src'

interface Orphan {
  readonly runner: number
  readonly pid: number
  readonly folder: string
}

describe('a process that a test has started', () => {
  it('is killed when it does not stop', async () => {
    const { folder, remove } = temporaryFolder('stubborn')
    const args = ['-c', 'trap "" TERM; echo up; while :; do sleep 0.05; done']
    const stubborn = await startProcess({ program: '/bin/sh', args, folder, ready: 'up' })
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] })
    const stopping = stubborn.stop()
    jest.advanceTimersByTime(5_000)
    await stopping
    jest.useRealTimers()
    expect(() => process.kill(stubborn.pid, 0)).toThrow('ESRCH')
    remove()
    expect(existsSync(folder)).toBe(false)
  })

  it('rejects with its output when it ends before it is ready', async () => {
    const { folder, remove } = temporaryFolder('short')
    const args = ['-c', 'echo out of luck >&2; exit 3']
    const short = startProcess({ program: '/bin/sh', args, folder, ready: 'up' })
    await expect(short).rejects.toThrow('ended before it was ready:\nout of luck')
    const missing = startProcess({ program: '/no/such/program', args, folder, ready: 'up' })
    await expect(missing).rejects.toThrow('ENOENT')
    remove()
  })

  it('does not outlive a test run that was killed, and its files are removed', async () => {
    // the sources cannot be run by Node as they are: the same door, opened by tsx
    const tsx = createRequire(__filename).resolve('tsx/cli')
    const run = spawn(process.execPath, [tsx, `${__dirname}/orphan.ts`], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [line] = (await once(run.stdout, 'data')) as [Buffer] // one line
    const { runner, pid, folder } = JSON.parse(line.toString()) as Orphan // orphan.ts wrote it
    process.kill(runner, 'SIGKILL')
    await eventually(() => !isAlive(pid) && !existsSync(folder))
    expect(isAlive(pid)).toBe(false)
  })
})

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

describe('findProgram', () => {
  it('searches the path, then the other folders', () => {
    expect(findProgram('sh')).toMatch(/\/sh$/)
    expect(findProgram('no-such-program')).toBeUndefined()
    expect(findProgram('processes.test.ts', [__dirname])).toBeUndefined()
  })
})
