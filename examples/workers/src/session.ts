import { createHmac, timingSafeEqual } from 'node:crypto'
import { env } from 'cloudflare:workers'
import type { FeatKitInput } from '@countersign/fetch'

const USERS: Readonly<Record<string, FeatKitInput>> = {
  '7': { id: '7', email: 'ada@example.com', name: 'Ada' },
}

/**
 * Returns the signed-in user, or `null`. Replace it with your own session. Here it is a cookie with the
 * user's id and its HMAC.
 */
export function sessionUser({ headers }: Request): FeatKitInput | null {
  const [, id = '', mac = ''] =
    /(?:^|; )session=(\w+)\.(\w+)/.exec(headers.get('cookie') ?? '') ?? []
  const expected = Buffer.from(macOf(id))
  const sent = Buffer.from(mac)
  const isValid = sent.length === expected.length && timingSafeEqual(sent, expected)
  return (isValid && USERS[id]) || null
}

export function macOf(id: string): string {
  return createHmac('sha256', env.SESSION_SECRET).update(id).digest('hex')
}
