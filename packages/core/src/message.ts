import { hex } from './bytes'
import { malformed, type Codec } from './codec'
import { parseObject, type JsonObject } from './json'
import { isTenantId } from './key-source'
import { Rejection } from './rejection'

/** A signature that travels beside what it signs: a moment and a body. */
export interface SignedMessage {
  /** Whose secret signed it. No part of what is signed. */
  readonly tenant: string
  /** The moment of signing, in digits as they were sent. */
  readonly timestamp: string
  readonly signature: string
  readonly body: Uint8Array
}

export interface MessageOptions {
  /** The name under which the timestamp becomes a claim. No member of the body may take it. */
  readonly timestampClaim: string
}

const TIMESTAMP = /^[1-9][0-9]{0,15}$/
const SIGNATURE_LENGTH = 32

/** `{timestamp}.{body}` signed in lower-case hex, the body being a JSON object. */
export function signedMessage({ timestampClaim }: MessageOptions): Codec<SignedMessage> {
  function readClaims({ body, timestamp }: SignedMessage): JsonObject {
    const members = parseObject(body) ?? malformed('the body')
    if (Object.hasOwn(members, timestampClaim)) {
      throw new Rejection('claims_invalid', 'the body holds a claim that has its own place')
    }
    return Object.assign(members, { [timestampClaim]: Number(timestamp) }) // nobody else holds it
  }

  return {
    compact: false,
    shape: 'a signed message',
    fits: () => true,
    open(sent) {
      const signature = hex.decode(sent.signature)
      if (!isTenantId(sent.tenant)) return malformed('the workspace')
      if (!TIMESTAMP.test(sent.timestamp)) return malformed('the timestamp')
      if (signature?.length !== SIGNATURE_LENGTH) return malformed('the signature')
      return {
        tenant: sent.tenant,
        input: [sent.timestamp, '.', sent.body],
        signature,
        claims: () => readClaims(sent),
      }
    },
    seal(claims, tenant) {
      const { [timestampClaim]: moment, ...members } = claims
      const timestamp = String(moment)
      const body = Buffer.from(JSON.stringify(members), 'utf8')
      return {
        input: [timestamp, '.', body],
        finish: (mac) => ({ tenant: tenant ?? '', timestamp, signature: hex.encode(mac), body }),
      }
    },
  }
}
