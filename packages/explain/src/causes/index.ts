import type { At } from '../given/locate'
import { SENDING } from './sending'
import { SIGNING } from './signing'

type Rows = typeof SENDING & typeof SIGNING

/** The name of a mistake. */
export type CauseId = { [Steps in keyof Rows]: keyof Rows[Steps] }[keyof Rows]

/**
 * Every mistake that can be named: what is wrong, the change that corrects it, and the steps of a
 * program that it is in, with commas between them, or `all`. Words in braces are replaced by the
 * facts of the case.
 */
export const CAUSES = Object.fromEntries(
  [...Object.entries(SENDING), ...Object.entries(SIGNING)].flatMap(([steps, rows]) =>
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
