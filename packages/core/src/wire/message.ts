import { hex } from './bytes'
import { malformed, misspelt, type Codec } from './codec'

/** A signature that travels beside what it signs: a timestamp and a body. */
export interface SignedMessage {
  /** Whose secret signed the message. Not covered by the signature. */
  readonly tenant: string
  /** The time of signing, in digits as they were sent. */
  readonly timestamp: string
  readonly signature: string
  readonly body: Uint8Array
}

/** How a signed message becomes claims. */
export interface MessageOptions {
  /** The claim that the timestamp becomes. No member of the body may have this name. */
  readonly timestampClaim: string
}

const TIMESTAMP = /^[1-9][0-9]{0,15}$/
const SIGNATURE_LENGTH = 64

/** `{timestamp}.{body}` signed in lower-case hex, with a JSON object as the body. */
export function signedMessage({ timestampClaim }: MessageOptions): Codec<SignedMessage> {
  return {
    compact: false,
    payload: null,
    signature: hex,
    signs: 'timestamp and body',
    header: null,
    shape: null,
    open({ tenant, timestamp, signature, body }) {
      if (!isTenantId(tenant))
        return malformed('the tenant contains other characters than A-Z a-z 0-9 _ -')
      if (!TIMESTAMP.test(timestamp)) return malformed('the timestamp is not 1 to 16 digits')
      if (signature.length !== SIGNATURE_LENGTH) return misspelt('signature', signature, hex)
      const beside = { [timestampClaim]: Number(timestamp) }
      return { tenant, input: [timestamp, '.', body], signature, payload: body, beside }
    },
    seal(claims, tenant) {
      const { [timestampClaim]: time, ...members } = claims
      const timestamp = String(time)
      const body = Buffer.from(JSON.stringify(members), 'utf8')
      return {
        input: [timestamp, '.', body],
        finish: (signature) => ({ tenant: tenant ?? '', timestamp, signature, body }),
      }
    },
  }
}

/** A tenant's name: 1 to 255 letters, digits, "_" and "-". */
export function isTenantId(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z0-9_-]{1,255}$/.test(value)
}
