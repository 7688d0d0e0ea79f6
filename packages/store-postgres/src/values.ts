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
