import type { WireHeader } from '../minting/request'
import type { Ask } from './stage'

/** Middleware such as method-override takes the method from here. */
const OVERRIDES = ['x-http-method-override', 'x-http-method', 'x-method-override']

/** A request of one method that asks to be treated as one of another. */
export function overridden(ask: (method?: string) => Ask, method: string): Ask {
  const headers = OVERRIDES.map((name): WireHeader => [name, method])
  return { ...ask(method === 'POST' ? 'GET' : 'POST'), headers, query: `_method=${method}` }
}

/** A cookie with one letter or digit in the middle of its value replaced. */
export function changed(cookie: string): string {
  const start = cookie.indexOf('=') + 1
  const places = [...cookie.matchAll(/[a-z0-9]/gi)].filter(({ index }) => index >= start)
  const { 0: letter, index } = places[Math.floor(places.length / 2)] ?? {}
  if (letter === undefined || index === undefined) return cookie
  const other = /\d/.test(letter) ? (letter === '8' ? '7' : '8') : letter === 'c' ? 'b' : 'c'
  return cookie.slice(0, index) + other + cookie.slice(index + 1)
}
