import { MAX_DEPTH, MAX_MEMBERS } from './json'
import { MAX_HEADER, MAX_KEY_ID } from './jws'
import { MAX_BODY } from './message-carrier'
import { MAX_CREDENTIAL } from './parameters'

/** What is refused for its size alone: for whoever tests, or writes, the other side. */
export interface WireLimits {
  /** The longest credential, in characters. */
  readonly credential: number
  /** The longest signed body, in bytes. */
  readonly body: number
  /** The longest JWT header, in characters. */
  readonly jwtHeader: number
  /** The longest `kid` of a JWT header, in characters. */
  readonly keyId: number
  /** Levels of nesting, the credential's own object being the first. */
  readonly depth: number
  /** Members on all levels together. */
  readonly members: number
}

export const LIMITS: WireLimits = {
  credential: MAX_CREDENTIAL,
  body: MAX_BODY,
  jwtHeader: MAX_HEADER,
  keyId: MAX_KEY_ID,
  depth: MAX_DEPTH,
  members: MAX_MEMBERS,
}
