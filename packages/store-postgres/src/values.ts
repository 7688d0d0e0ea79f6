/** However little is left of a credential: its use is kept for a minute. */
const LEAST = 60_000
/** The clocks of the application's machines may be wrong by five minutes, either way. */
const MARGIN = 600_000
const LAST_MOMENT = Date.UTC(9999, 11, 31, 23, 59, 59, 999)
/** The longest lease: more than 3,000 years, and still a time that PostgreSQL knows. */
const LONGEST = 1e14

const KEY = /^[A-Za-z0-9_-]{43}$/

/** The 32 bytes of a key, as hex: every client can send text. @throws TypeError */
export function hexOf(key: string): string {
  const bytes = Buffer.from(typeof key === 'string' && KEY.test(key) ? key : '', 'base64url')
  // the last character has two bits to spare: one spelling for each key
  if (bytes.toString('base64url') === key && bytes.length === 32) return bytes.toString('hex')
  throw new TypeError('the key is not 32 bytes in 43 characters of base64url')
}

/**
 * How long a use is kept, in milliseconds, for the database's own clock to go by; `null` for ever.
 * @throws TypeError
 */
export function retention(expiresAt: number): number | null {
  if (typeof expiresAt !== 'number' || !(expiresAt > 0)) {
    throw new TypeError('expiresAt is not a time')
  }
  if (expiresAt > LAST_MOMENT) return null
  return Math.max(expiresAt - Date.now(), LEAST) + MARGIN
}

/** @throws TypeError */
export function leaseOf(duration: number): number {
  if (typeof duration === 'number' && duration > 0) return Math.min(duration, LONGEST)
  throw new TypeError('the duration of a lease is not a number above 0')
}

/** @throws TypeError */
export function ownerOf(owner: string): string {
  if (typeof owner === 'string' && owner !== '' && owner.length <= 255) return owner
  throw new TypeError('the owner is not a text of 1 to 255 characters')
}
