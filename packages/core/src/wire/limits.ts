/** The sizes that every scheme has. A larger credential is refused unread. */
export const LIMITS = {
  /** The longest credential, in characters. */
  credential: 4_096,
  /** The longest signed body, in bytes. */
  body: 16_384,
  /** The longest JWT header, in characters. */
  jwtHeader: 1_024,
  /** The longest `kid` of a JWT header, in characters. */
  keyId: 256,
  /** Levels of nested objects and arrays; the credential's own object is level one. */
  depth: 8,
  /** Members of all objects together. */
  members: 64,
} as const
Object.freeze(LIMITS)
