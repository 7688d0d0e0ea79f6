import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'

const run = promisify(execFile)

const SUITE = `
  import { describe, it } from 'node:test'
  import { createServer } from 'node:http'
  import { createGuard, memoryReplayStore } from '@countersign/core'
  import { featkit } from '@countersign/schemes'
  import { portalCases, replayStoreCases, testSecret } from '@countersign/testing'

  const portal = featkit({ secret: testSecret() })
  const guard = createGuard(portal)

  const server = createServer(async (req, res) => {
    const headers = (name) => [req.headers[name] ?? []].flat()
    const view = { method: req.method, target: req.url, headers, body: () => '', native: req }
    const verdict = await guard.judge(view)
    const { status = 200, headers: own, body } = verdict.pass ? verdict : verdict.response
    res.writeHead(status, own).end(body ?? 'welcome')
  })

  describe('no framework, and no runner but Node', () => {
    for (const each of portalCases(portal, '/')) it(each.name, () => each.run(server))
    for (const { name, run } of replayStoreCases(() => memoryReplayStore(), { leases: true })) it(name, run)
  })
`

describe('the cases', () => {
  it('run in node:test, against a server without a framework', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'countersign-kit-'))
    try {
      const outfile = join(folder, 'suite.test.cjs')
      await build({
        stdin: { contents: SUITE, resolveDir: __dirname },
        outfile,
        bundle: true,
        platform: 'node',
        conditions: ['@countersign/source'],
      })
      const { stdout } = await run(process.execPath, ['--test', '--test-reporter=tap', outfile])
      expect(stdout).toMatch(/^# fail 0$/m)
      expect(Number(/^# pass (\d+)$/m.exec(stdout)?.[1])).toBeGreaterThan(140)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
