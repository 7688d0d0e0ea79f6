import type { At } from '../given/locate'
import { ROWS } from './rows'

/** The name of a mistake. */
export type CauseId = {
  [Steps in keyof typeof ROWS]: keyof (typeof ROWS)[Steps]
}[keyof typeof ROWS]

/** Every mistake that can be named, and the steps that it is in: with commas between them, or `all`. */
export const CAUSES = Object.fromEntries(
  Object.entries(ROWS).flatMap(([steps, rows]) =>
    Object.entries<string>(rows).map(([id, text]) => {
      const [sentence = '', change = ''] = text.split(' → ')
      return [id, { steps, sentence, change }]
    }),
  ),
) as Readonly<Record<CauseId, Readonly<Record<'steps' | 'sentence' | 'change', string>>>> // of the same names

/** What is inserted into the sentences. */
export type Facts = Readonly<Record<string, string>>

/** A mistake that was recognized. */
export interface Found {
  readonly id: CauseId
  readonly at: At
  readonly facts: Facts
}

/** Says that something is wrong, and where. */
export type Note = (id: CauseId, at: At, facts?: Facts) => void

/** @returns what adds to a list */
export function noteIn(all: Found[]): Note {
  return (id, at, facts = {}) => void all.push({ id, at, facts })
}

/** A sentence with its facts. */
export function written(sentence: string, facts: Facts): string {
  return sentence.replaceAll(/\{(\w+)\}/g, (word, name: string) => facts[name] ?? word)
}
