import type { Portal } from '@countersign/core'
import { curl } from './curl'
import { formatOf, type Format } from './format'
import { javascript } from './javascript'
import { php } from './php'
import { python } from './python'
import { ruby } from './ruby'

export type Language = 'javascript' | 'python' | 'php' | 'ruby' | 'curl'

/** The steps of a program that signs, in their order. */
export const STEPS = [
  'secret',
  'time',
  'claims',
  'json',
  'payload',
  'input',
  'signature',
  'credential',
  'send',
] as const

export type Step = (typeof STEPS)[number]

/** A line for each step. A step that a format does not have is empty. */
export type Lines = Readonly<Record<Step, string>>

/** How one language signs any format. */
export interface Writer {
  /** What comes before the lines, such as imports. */
  readonly head: string
  lines(format: Format): Lines
}

export const WRITERS: Readonly<Record<Language, Writer>> = { javascript, python, php, ruby, curl }

/** The lines that sign for this portal, in every language. */
export function linesFor(portal: Portal): Readonly<Record<Language, Lines>> {
  const format = formatOf(portal)
  const entries = Object.entries(WRITERS).map(([language, writer]) => [
    language,
    writer.lines(format),
  ])
  return Object.fromEntries(entries) as Record<Language, Lines> // of the same names
}

/** A whole program that signs for this portal, in every language. */
export function programsFor(portal: Portal): Readonly<Record<Language, string>> {
  const lines = linesFor(portal)
  const entries = Object.entries(WRITERS).map(([language, { head }]) => [
    language,
    programOf(head, lines[language as Language]), // of the same names
  ])
  return Object.fromEntries(entries) as Record<Language, string> // of the same names
}

/** @param head may be empty */
export function programOf(head: string, lines: Lines): string {
  const body = [...new Set(STEPS.map((step) => lines[step]))].filter((line) => line !== '')
  return `${[head, ...body].filter((line) => line !== '').join('\n')}\n`
}
