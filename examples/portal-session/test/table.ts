import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The first table of a document below a heading: a row for each first cell, with its other cells by column. */
export function tableOf(
  document: string,
  heading: string,
): Readonly<Record<string, Readonly<Record<string, string>>>> {
  const text = readFileSync(join(__dirname, '../../../docs', document), 'utf8')
  const [, section = ''] = text.split(`\n## ${heading}\n`)
  const lines = section.split('\n## ', 1)[0]?.match(/^\|.*\|$/gm) ?? []
  const [head = [], , ...rows] = lines.map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim().replaceAll('`', '')),
  )
  return Object.fromEntries(
    rows.map(([name = '', ...cells]) => [
      name,
      Object.fromEntries(cells.map((cell, index) => [head[index + 1] ?? '', cell])),
    ]),
  )
}
