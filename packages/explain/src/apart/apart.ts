import type { Found } from '../causes'
import { Piece } from '../given/piece'

/** A credential that was taken apart, with whatever was wrong with its spelling and its shape. */
export interface Apart {
  /** The header of a JWT; `null` where there is none. */
  readonly head: Piece | null
  readonly payload: Piece
  readonly signature: Piece
  /** What the payload decodes to; `null` for nothing. */
  readonly bytes: Uint8Array | null
  /** The text in front of the signature before any of it was corrected. */
  readonly raw: string
  readonly tenant: Piece | null
  readonly timestamp: Piece | null
  /** False where a part is missing that was signed, so that the signature cannot be checked. */
  readonly isComplete: boolean
  readonly found: readonly Found[]
}
