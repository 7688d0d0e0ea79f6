import type { WireHeader, WireRequest } from '../minting/request'

/** Requests by what is special about each. */
export type Changes = Readonly<Record<string, Partial<WireRequest>>>

export function pairs(names: string, value: string): readonly WireHeader[] {
  return names.split(' ').map((name) => [name, value])
}

export function named(names: string, value: string, separator = '&'): string {
  return names
    .split(' ')
    .map((name) => `${name}=${value}`)
    .join(separator)
}

const NAMES = 'id user_id userId sub uid user nonce portalUser user[id] session sid'
const HEADERS = 'x-user-id x-user x-portal-user x-forwarded-user remote-user'

/** Where a request could say who its user is: in the query, in headers or in cookies. */
export function identities(who: string): Changes {
  const email = `${who}@example.com`
  const query = `${named(NAMES, who)}&email=${email}&name=${who}`
  return {
    'an id in the query': { query },
    'an id in headers': {
      headers: [...pairs(HEADERS, who), ...pairs('x-user-email x-email', email)],
    },
    'an id in cookies': { headers: [['cookie', query.replaceAll('&', '; ')]] },
  }
}

/** Middleware such as method-override takes the method from here. */
const OVERRIDES = ['x-http-method-override', 'x-http-method', 'x-method-override']

/** A request of one method that asks to be treated as one of another. */
export function overridden(ask: (method?: string) => WireRequest, method: string): WireRequest {
  const headers = OVERRIDES.map((name): WireHeader => [name, method])
  return { ...ask(method === 'POST' ? 'GET' : 'POST'), headers, query: `_method=${method}` }
}

/** A cookie with one letter or digit in the middle of its value replaced. */
export function changed(cookie: string): string {
  const start = cookie.indexOf('=') + 1
  const places = [...cookie.matchAll(/[a-z0-9]/gi)].filter(({ index }) => index >= start)
  const { 0: letter = '', index = -1 } = places[Math.floor(places.length / 2)] ?? {}
  return cookie.slice(0, index) + (/8/.test(letter) ? '7' : '8') + cookie.slice(index + 1)
}
