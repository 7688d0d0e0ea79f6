import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { eventually, findPostgres, startPostgres, type PostgresServer } from '../src'

/** Nothing is to survive these servers. */
const QUICK = { settings: { fsync: 'off' } }

const found = findPostgres()
const installed = found !== undefined && 'folder' in found
if (!installed) process.stderr.write('SKIPPED: no PostgreSQL here. Install postgresql.\n')

/** The first byte of the answer to an SSL request: `N` from a server that runs. */
async function answerOf(port: number): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  try {
    return await new Promise<string>((resolve, reject) => {
      socket.once('data', (answer) => resolve(answer.toString()))
      socket.once('error', reject).once('close', () => reject(new Error('no answer')))
      socket.write(Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]))
    })
  } finally {
    socket.destroy()
  }
}

/** The states of all of its processes, in short: T for one that is stopped. */
function statesOf(server: PostgresServer): readonly string[] {
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat='], { encoding: 'utf8' })
  return rows
    .split('\n')
    .map((row) => row.trim().split(/\s+/))
    .filter(([pid, parent]) => [pid, parent].includes(String(server.pid)))
    .map(([, , state]) => state!.slice(0, 1))
}

;(installed ? describe : describe.skip)('a PostgreSQL server for tests', () => {
  it('listens on a port of its own and leaves nothing behind', async () => {
    const servers = await Promise.all([startPostgres(QUICK), startPostgres(QUICK)])
    try {
      expect(new Set(servers.map(({ port }) => port)).size).toBe(2)
      expect(await Promise.all(servers.map(({ port }) => answerOf(port)))).toEqual(['N', 'N'])
    } finally {
      await Promise.all(servers.map((server) => server.stop()))
    }
    await expect(answerOf(servers[0].port)).rejects.toThrow('ECONNREFUSED')
    expect(servers.map(({ folder }) => existsSync(folder))).toEqual([false, false])
  })

  it('restarts after a kill with the same files and on the same port', async () => {
    const server = await startPostgres(QUICK)
    try {
      const first = server.pid
      await server.kill('SIGKILL')
      await server.restart()
      expect(server.pid).not.toBe(first)
      expect(await answerOf(server.port)).toBe('N')
    } finally {
      await server.stop()
    }
  })

  it('does not answer while it is stopped, and answers when it continues', async () => {
    const server = await startPostgres(QUICK)
    try {
      await server.kill('SIGSTOP')
      await eventually(() => statesOf(server).every((state) => state === 'T'))
      expect(statesOf(server).length).toBeGreaterThan(1)
      const asked = answerOf(server.port)
      await server.kill('SIGCONT')
      expect(await asked).toBe('N')
    } finally {
      await server.stop()
    }
  })

  it('ends when its tests are killed', async () => {
    const script = `require('@countersign/test-servers').startPostgres().then((s) => console.log(JSON.stringify([s.port, s.folder])), console.error)`
    const sources = ['--conditions=@countersign/source', '--import', 'tsx', '-e', script]
    const root = join(__dirname, '..', '..', '..', 'packages', 'store-postgres') // the package is installed there
    const tests = spawn(process.execPath, sources, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [line] = (await once(tests.stdout, 'data')) as [Buffer] // what `data` hands over
    const [port, folder] = JSON.parse(line.toString()) as [number, string] // what it printed
    expect(await answerOf(port)).toBe('N')
    tests.kill('SIGKILL')
    await eventually(() =>
      answerOf(port).then(
        () => false,
        () => true,
      ),
    )
    await eventually(() => !existsSync(folder))
  })
})
