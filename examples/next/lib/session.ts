import { createHmac, timingSafeEqual } from 'node:crypto'

export interface User {
  readonly id: string
  readonly name: string
}

const USERS: Readonly<Record<string, User & { readonly email: string }>> = {
  '7': { id: '7', email: 'ada@example.com', name: 'Ada' },
}

/** Replace this with your own session. Here it is a cookie with the user's id and its HMAC. */
export function sessionUser({ headers }: Request) {
  const [, cookie = ''] = /(?:^|; )session=([^;]*)/.exec(headers.get('cookie') ?? '') ?? []
  return USERS[opened(cookie) ?? ''] ?? null
}

/** The board's own session: the user from the signed link. */
export function boardCookie({
  id,
  name,
}: {
  readonly id: string
  readonly name: string | null
}): string {
  const value = sealed(JSON.stringify({ id, name: name ?? 'a user' }))
  return `board=${value}; Path=/board; HttpOnly; Secure; SameSite=Lax; Max-Age=3600`
}

export function boardUser(cookie: string | undefined): User | null {
  const text = opened(cookie ?? '')
  return text === null ? null : (JSON.parse(text) as User) // as `boardCookie` wrote it
}

function sealed(text: string): string {
  return `${Buffer.from(text).toString('base64url')}.${macOf(text)}`
}

function opened(cookie: string): string | null {
  const [payload = '', mac = ''] = cookie.split('.')
  const text = Buffer.from(payload, 'base64url').toString()
  const [expected, sent] = [Buffer.from(macOf(text)), Buffer.from(mac)]
  return sent.length === expected.length && timingSafeEqual(sent, expected) ? text : null
}

function macOf(text: string): string {
  const secret = process.env.SESSION_SECRET
  if (!secret) throw new Error('SESSION_SECRET is not set')
  return createHmac('sha256', secret).update(text).digest('hex')
}
