import type { Range } from '../given/piece'
import { contentRows } from './content'
import { placeRows } from './place'
import type { Row } from './row'
import { signatureRows } from './signature'
import { spellingRows } from './spelling'

/** The name of a mistake. */
export type CauseId =
  | keyof typeof placeRows
  | keyof typeof spellingRows
  | keyof typeof signatureRows
  | keyof typeof contentRows

/** Every mistake that can be named. */
export const CAUSES: Readonly<Record<CauseId, Row>> = {
  ...placeRows,
  ...spellingRows,
  ...signatureRows,
  ...contentRows,
}

/** What is inserted into the sentences. */
export type Facts = Readonly<Record<string, string>>

/** A mistake that was recognized. */
export interface Found {
  readonly id: CauseId
  readonly range: Range
  readonly facts: Facts
}

export function found(id: CauseId, range: Range, facts: Facts = {}): Found {
  return { id, range, facts }
}

/** A sentence with its facts. */
export function written(sentence: string, facts: Facts): string {
  return sentence.replaceAll(/\{(\w+)\}/g, (_, name: string) => facts[name] ?? name)
}
