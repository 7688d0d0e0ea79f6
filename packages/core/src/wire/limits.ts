/** Sizes above which a credential is refused unread. */
export interface SizeLimits {
  /** The longest credential, in characters. */
  readonly credential: number
  /** The longest signed body, in bytes. */
  readonly body: number
  /** The longest JWT header, in characters. */
  readonly jwtHeader: number
  /** The longest `kid` of a JWT header, in characters. */
  readonly keyId: number
  /** Levels of nested objects and arrays; the credential's own object is level one. */
  readonly depth: number
  /** Members of all objects together. */
  readonly members: number
}

/** The sizes that every scheme has. */
export const LIMITS: SizeLimits = Object.freeze({
  credential: 4_096,
  body: 16_384,
  jwtHeader: 1_024,
  keyId: 256,
  depth: 8,
  members: 64,
})
