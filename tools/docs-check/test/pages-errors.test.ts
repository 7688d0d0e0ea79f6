import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { REJECTIONS } from '@countersign/core'
import { readDocument, root } from './documents'

const page = readDocument('docs/errors.md')

/** The cells of every row that begins with a name in code, of the tables under a heading. */
function rowsUnder(heading: string): string[][] {
  const section = page.split(/^## /m).find((text) => text.startsWith(`${heading}\n`)) ?? ''
  return section
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
}

/** The reasons in the type, which does not exist at run time. */
function reasons(): string[] {
  const source = readDocument('packages/core/src/config-error.ts')
  const union = /export type ConfigReason =\n((?: *\| '\w+'\n)+)/.exec(source)?.[1] ?? ''
  return [...union.matchAll(/'(\w+)'/g)].map(([, reason = '']) => reason)
}

/** The sources of the packages without the list of reasons itself. */
function sources(): string {
  return ['core', 'express', 'koa', 'store-redis']
    .map((name) => `packages/${name}/src`)
    .flatMap((folder) => {
      const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      return files.filter((file) => file.endsWith('.ts')).map((file) => `${folder}/${file}`)
    })
    .filter((path) => !path.endsWith('/config-error.ts'))
    .map(readDocument)
    .join('\n')
}

describe('the page of errors', () => {
  const rejections = rowsUnder('Rejections')
  const mistakes = rowsUnder('ConfigErrors')

  it('lists each rejection with its status and public code', () => {
    const told = rejections.map(([code, status, publicCode]) => [code, status, publicCode])
    const real = Object.entries(REJECTIONS).map(([code, { status, publicCode }]) => {
      return [`\`${code}\``, String(status), `\`${publicCode}\``]
    })
    expect(real.length).toBeGreaterThan(20)
    expect(told.map(String).toSorted()).toEqual(real.map(String).toSorted())
  })

  it('lists each reason of a ConfigError', () => {
    const told = mistakes.map(([reason]) => reason)
    expect(reasons().length).toBeGreaterThan(20)
    expect(told).toEqual(reasons().map((reason) => `\`${reason}\``))
  })

  it('tells for each what it means and what to do', () => {
    for (const cells of [...rejections, ...mistakes]) {
      const [meaning = '', remedy = ''] = cells.slice(-2)
      expect([cells[0], meaning]).toEqual([cells[0], expect.stringMatching(/\w.*\.$/)])
      expect([cells[0], remedy]).toEqual([cells[0], expect.stringMatching(/\w.*\.$/)])
      expect(meaning).not.toBe(remedy)
    }
  })

  it('lists only what the sources use', () => {
    const code = sources()
    const names = [...Object.keys(REJECTIONS), ...reasons()]
    expect(names.filter((name) => !code.includes(`'${name}'`))).toEqual([])
  })
})
