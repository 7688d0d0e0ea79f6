import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Language } from '../../src'
import type { Name } from './portals'
import { LANGUAGES, type Changes } from './programs'

/** A program that signs, with a mistake in it. */
export interface Mistake {
  readonly language: Language
  readonly what: string
  readonly portal: Name
  /** The lines that are wrong. */
  readonly wrong: Changes
  /** Other lines, so that the mistake shows. Nothing is wrong with them. */
  readonly setup: Changes
  /** What must be named. */
  readonly causes: readonly string[]
}

/**
 * Reads `test/mistakes/*.txt`: for each mistake a headline with the portal and the causes, then
 * lines for the steps of the program, those of the set-up with a `+`.
 */
export const mistakes: readonly Mistake[] = LANGUAGES.flatMap((language) => {
  const file = join(__dirname, '..', 'mistakes', `${language}.txt`)
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n\n')
    .map((block) => mistakeOf(language, block))
})

function mistakeOf(language: Language, block: string): Mistake {
  const [head = '', ...lines] = block.split('\n')
  const [what = '', portal = '', causes = ''] = head.slice(2).split(' | ')
  return {
    language,
    what,
    portal: portal as Name, // as written in the file
    wrong: changesOf(lines.filter((line) => !/^(?:\+|import:)/.test(line))),
    setup: changesOf(lines.filter((line) => /^(?:\+|import:)/.test(line))),
    causes: causes.split(', '),
  }
}

function changesOf(lines: readonly string[]): Changes {
  const changes: Record<string, string> = {}
  for (const line of lines) {
    const [, name = '', text = ''] = /^\+?(\w+): (.*)$/.exec(line) ?? []
    const step = name === 'import' ? 'head' : name
    changes[step] = changes[step] === undefined ? text : `${changes[step]}\n${text}`
  }
  return changes
}
