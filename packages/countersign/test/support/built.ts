import { execFileSync } from 'node:child_process'
import { copyFileSync, chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { testSecret } from '@countersign/testing'

const source = join(__dirname, '..', '..')
const BUNDLER = join(source, '..', '..', 'tools', 'scripts', 'command-line.mjs')

/** The command line as users run it. */
export interface Built {
  readonly folder: string
  /** What starts it. */
  readonly main: string
  remove(): void
}

/** Bundles the command line, with a script `countersign` that can be put on the `PATH`. */
export function buildCommandLine(): Built {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-cli-'))
  const dist = join(folder, 'dist')
  execFileSync(process.execPath, [BUNDLER, dist])
  copyFileSync(join(source, 'package.json'), join(folder, 'package.json'))
  const main = join(dist, 'main.js')
  const script = join(folder, 'countersign')
  writeFileSync(script, `#!/bin/sh\nexec "${process.execPath}" "${main}" "$@"\n`)
  chmodSync(script, 0o755)
  return { folder, main, remove: () => rmSync(folder, { recursive: true }) }
}

export const secret = testSecret('the command line')
export const NOW = Date.parse('2026-09-10T12:00:00Z')
