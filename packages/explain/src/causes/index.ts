import type { At } from '../given/locate'
import { SENDING } from './sending'
import { SIGNING } from './signing'

type Rows = typeof SENDING & typeof SIGNING

/** The name of a mistake. */
export type CauseId = { [Steps in keyof Rows]: keyof Rows[Steps] }[keyof Rows]

/** A mistake that can be named. */
interface CauseRow {
  /** The steps of a program that have to change, with commas between them, or `all`. */
  readonly steps: string
  /** What is wrong. Words in braces are replaced by the facts of the case. */
  readonly sentence: string
  readonly change: string
}

/** Every mistake that can be named. */
export const CAUSES: Readonly<Record<CauseId, CauseRow>> = Object.fromEntries(
  [...Object.entries(SENDING), ...Object.entries(SIGNING)].flatMap(([steps, rows]) =>
    Object.entries<string>(rows).map(([id, text]) => {
      const [sentence = '', change = ''] = text.split(' → ')
      return [id, { steps, sentence, change }]
    }),
  ),
) as Record<CauseId, CauseRow> // of the same names

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
