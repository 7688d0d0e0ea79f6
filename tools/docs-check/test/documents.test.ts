import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Portal } from '@countersign/core'
import * as schemes from '@countersign/core/schemes'
import { documents, linksOf, markdownUnder, pathsIn, readDocument, root } from './documents'

const DAY = 86_400

type Maker = (options: { secret: string }) => Portal

describe('the documents', () => {
  it('have no broken links', () => {
    const broken = documents().flatMap((path) =>
      linksOf(path)
        .filter((target) => !existsSync(join(root, target)))
        .map((target) => `${path} -> ${target}`),
    )
    expect(documents()).toContain('README.md')
    expect(linksOf('README.md')).toContain('SECURITY.md')
    expect(broken).toEqual([])
  })

  it('are all in the table of contents, but for later decisions', () => {
    const contents = linksOf('docs/README.md')
    const pages = markdownUnder('docs').filter((path) => !/decisions\/(?!0001)|README/.test(path))
    expect(pages.filter((path) => !contents.includes(path))).toEqual([])
  })

  it('name files that exist', () => {
    const gone = documents().flatMap((path) =>
      pathsIn(path)
        .filter((target) => !existsSync(join(root, target)))
        .map((target) => `${path}: ${target}`),
    )
    expect(pathsIn('CONTRIBUTING.md')).toContain('packages/core')
    expect(gone).toEqual([])
  })

  it('have a README of at most 100 lines, whose first screen says what, for whom and how to install', () => {
    const lines = readDocument('README.md').trimEnd().split('\n')
    expect(lines.length).toBeLessThanOrEqual(100)
    const screen = lines.slice(0, 16).join('\n')
    for (const part of ['already signed in', '**run an app**', '**build a portal**', 'npm install'])
      expect(screen).toContain(part)
  })
})

describe('the decisions', () => {
  const paths = markdownUnder('docs/decisions')

  it('are numbered without gaps', () => {
    const numbers = paths.map((path) => /\/(\d{4})-[a-z0-9-]+\.md$/.exec(path)?.[1])
    expect(numbers.length).toBeGreaterThan(0)
    expect(numbers).toEqual(paths.map((_, index) => String(index + 1).padStart(4, '0')))
  })

  it('have the sections context, decision and price', () => {
    const headings = paths.map((path) =>
      [...readDocument(path).matchAll(/^## (.+)$/gm)].map(([, heading]) => heading),
    )
    expect(headings).toEqual(paths.map(() => ['Context', 'Decision', 'Price']))
  })
})

describe('the table of portals in the README', () => {
  const secret = 'the secret of the examples, long enough'
  const section = readDocument('README.md').split('## The portals\n')[1] ?? ''
  const [table = ''] = section.trimStart().split('\n\n')
  const rows = table
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|').map((cell) => cell.trim()))
  const names = rows.map(([, name = '']) => name.replaceAll('`', ''))
  const makers = new Map<string, Maker>(Object.entries(schemes))
  const portals = names.flatMap((name) => makers.get(name)?.({ secret }) ?? [])

  it('has a row for each of the four, and the README names every other scheme', () => {
    expect(names).toEqual(['featkit', 'seggwat', 'harlyy', 'fdback'])
    const missing = [...makers.keys()].filter(
      (name) => !readDocument('README.md').includes(`\`${name}\``),
    )
    expect(missing).toEqual([])
  })

  it('states the longest lifetime and the default one', () => {
    const lives = portals.map(({ scheme: { limits, address } }) => {
      return `${inWords(limits.maxLifetime)} (${inWords(address.expiresIn)})`
    })
    expect(rows.map((cells) => cells[5])).toEqual(lives)
  })

  it('states which credentials are valid once', () => {
    const words = { always: 'always', 'with-store': 'with a `replayStore`', never: 'no' }
    const uses = portals.map(({ scheme }) => words[scheme.singleUse?.when ?? 'never'])
    expect(rows.map((cells) => cells[6])).toEqual(uses)
  })

  it('names every query parameter that a portal reads', () => {
    for (const [index, { scheme }] of portals.entries()) {
      for (const name of scheme.carrier.parameters)
        expect(rows[index]?.[2]).toContain(`\`?${name}=\``)
    }
  })
})

function inWords(seconds: number): string {
  if (seconds > DAY) return `${seconds / DAY} days`
  return seconds >= 3_600 ? `${seconds / 3_600} h` : `${seconds / 60} min`
}
