import type { Ask } from '../cases/stage'

const PARAMETERS = ['id', 'user', 'user_id', 'sub', 'email', 'portalUser', 'user[id]']
const HEADERS = [
  'x-user-id',
  'x-user-email',
  'x-forwarded-user',
  'remote-user',
  'x-portal-user',
] as const

/** The same request, which also says in every other way whose it is. */
export function claiming(ask: Ask, who: string): Ask {
  const claims = PARAMETERS.map((each) => `${each}=${who}`)
  const cookie = ['cookie', `portalUser=${who}; user_id=${who}`] as const
  return {
    ...ask,
    query: [ask.query, ...claims].filter(Boolean).join('&'),
    headers: [...ask.headers, ...HEADERS.map((each) => [each, who] as const), cookie],
  }
}
