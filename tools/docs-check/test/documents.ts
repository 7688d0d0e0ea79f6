import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'

export const root = join(__dirname, '..', '..', '..')

/**
 * A fenced block of code in a document. Where its first line is a comment with a file's name, as in
 * `// app.ts`, it is that file: the files of one document are in one folder and may import each other.
 */
export interface Example {
  /** Document and file, or number: `docs/portals/fdback.md app.ts`, `README.md 2`. */
  readonly name: string
  readonly document: string
  readonly file: string | undefined
  readonly code: string
}

export function readDocument(path: string): string {
  return readFileSync(join(root, path), 'utf8')
}

/** Every Markdown file of the repository, by its path from the root. */
export function documents(): string[] {
  const top = readdirSync(root).filter((name) => name.endsWith('.md'))
  return [
    ...top,
    ...markdownUnder('docs'),
    ...markdownUnder('packages'),
    ...markdownUnder('tools'),
    ...markdownUnder('examples'),
  ]
}

export function markdownUnder(folder: string): string[] {
  const skipped = ['node_modules', 'dist', 'coverage']
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => !skipped.includes(entry.name) && !entry.name.startsWith('.'))
    .flatMap((entry) => {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) return markdownUnder(path)
      return entry.name.endsWith('.md') ? [path.split(sep).join('/')] : []
    })
}

/** The `ts` and `js` blocks of a document. */
export function examplesOf(document: string): Example[] {
  return blocksOf(document)
    .filter(({ language }) => language === 'ts' || language === 'js')
    .map(({ code }, index) => {
      const file = /^\/\/ ([\w.-]+\.[cm]?[jt]s)\n/.exec(code)?.[1]
      return { name: `${document} ${file ?? index + 1}`, document, file, code }
    })
}

/** Every fenced block of a document, in order. */
export function blocksOf(document: string): { language: string; code: string }[] {
  const blocks = readDocument(document).matchAll(/^ *```(.*)\n([\s\S]*?)^ *```$/gm)
  return [...blocks].map(([, language = '', code = '']) => ({ language, code }))
}

/** Where the relative links of a document lead, as paths from the root. */
export function linksOf(path: string): string[] {
  const targets = [...readDocument(path).matchAll(/\]\(([^)\s]+)\)/g)].map(([, to = '']) => to)
  return targets
    .filter((to) => !/^(?:[a-z]+:|#)/i.test(to))
    .map((to) => relative(root, join(root, path, '..', to.replace(/#.*$/, ''))))
}

/** The files and folders that a document names by their path from the root. */
export function pathsIn(path: string): string[] {
  const inCode = [...readDocument(path).matchAll(/`([^`\n]+)`/g)].map(([, text = '']) => text)
  return inCode.filter((text) => /^(?:packages|tools|examples|docs|\.ci)\/[\w./-]+$/.test(text))
}

/**
 * @param which the number of the example, or the name of its file
 * @throws Error where the document has no such example
 */
export function example(document: string, which: number | string): Example {
  const examples = examplesOf(document)
  const found =
    typeof which === 'number' ? examples[which - 1] : examples.find(({ file }) => file === which)
  if (!found) throw new Error(`${document} has no example ${which}`)
  return found
}
