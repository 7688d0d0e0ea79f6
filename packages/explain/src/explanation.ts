import type { JsonObject, Portal, RejectionCode, VerifierOptions } from '@countersign/core'
import type { CauseId } from './causes'
import type { Range } from './given/locate'
import type { Language } from './lines/languages'

export type { Language }

/** What `explain` knows of the portal that refuses the credential. */
export interface ExplainOptions extends Pick<
  VerifierOptions,
  | 'bearer'
  | 'clockTolerance'
  | 'maxLifetime'
  | 'replayStore'
  | 'nonceRetention'
  | 'allowShortSecret'
> {
  /** The portal that refuses the credential. */
  readonly portal: Portal
  /**
   * The portal's secret as text. A portal holds keys that cannot be read, so without it no other
   * spelling of the secret is tried.
   */
  readonly secret?: string | undefined
  /**
   * Other secrets that may have signed it, by a name for each: an older one, the one of another
   * environment, the one of another portal.
   */
  readonly others?: Readonly<Record<string, string>> | undefined
  /** Other portals that the credential may be for. */
  readonly portals?: readonly Portal[] | undefined
  /** The tenant that the request is for, where the portal looks up its secret. */
  readonly tenant?: string | undefined
  /** Milliseconds since the epoch, or a clock. @default Date.now */
  readonly now?: number | (() => number) | undefined
}

/** Why a credential is refused, and what has to change. */
export interface Explanation {
  readonly verdict: 'accepted' | 'refused'
  /** The code of the rejection; `null` for an accepted credential. */
  readonly code: RejectionCode | null
  readonly decoded: Decoded
  /** All that has to change. Empty for an accepted credential. */
  readonly causes: readonly Cause[]
}

/** One mistake. */
export interface Cause {
  /** Names the mistake in programs. Never changes. */
  readonly id: CauseId
  /** What is wrong. */
  readonly sentence: string
  /** Where it is wrong: offsets into `decoded.text`. */
  readonly range: Range
  /** What to change. */
  readonly change: string
  /** The changed line of the program that signs. */
  readonly lines: Readonly<Record<Language, string>>
}

/** What could be read. Nothing in it is verified. */
export interface Decoded {
  /** What was given; for a request object, the request as text. */
  readonly text: string
  /** Where the credential was found, such as `?token`; `null` for nowhere. */
  readonly place: string | null
  readonly parts: readonly Part[]
  readonly claims: JsonObject | null
  /** In ISO 8601; `null` for a time that is missing or not a time. */
  readonly issuedAt: string | null
  readonly expiresAt: string | null
}

/** A part of a credential. */
export interface Part {
  readonly name: 'header' | 'payload' | 'signature' | 'tenant' | 'timestamp' | 'body'
  /** Offsets into `Decoded.text`. */
  readonly range: Range
  /** As it was sent. */
  readonly text: string
  /** What it decodes to, where that is text; `null` for a signature, or for what cannot be decoded. */
  readonly content: string | null
}
