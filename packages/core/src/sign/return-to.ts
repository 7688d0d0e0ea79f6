import { isLocalPath, returnAddress } from '../local-path'
import { readOptions, type Option, type OptionTable } from '../options'
import type { Portal } from '../portal'
import type { RequestView } from '../request'

/** For visitors who come from the portal's own page, "log in with your app". */
export interface ReturnTo {
  /** The query parameter of the sign endpoint with the address, such as `return_to`. */
  readonly parameter: string
  /**
   * Addresses that are allowed: origins such as `https://ideas.example.com`, or URLs with a path,
   * which allow everything below. A path in the parameter is one of the portal's own server.
   */
  readonly allow: readonly string[]
  /**
   * The parameter of the portal's URL that receives the address.
   * @default none: the portal shows the page that it always shows
   */
  readonly passAs?: string | undefined
  /**
   * The parameter of `signedOut` with the path back to the sign endpoint.
   * @default the same as `parameter`
   */
  readonly loginParameter?: string | undefined
}

export type ReturnSettings = Omit<ReturnTo, 'allow'> & { readonly allow: readonly URL[] }

const name: Option<string | undefined> = {
  wanted: 'the name of a parameter: letters, digits, "_", "-" and "."',
  fallback: undefined,
  read: (given) => (typeof given === 'string' && /^[\w.-]+$/.test(given) ? given : undefined),
}

const table: OptionTable<ReturnSettings> = {
  parameter: { wanted: name.wanted, read: name.read },
  allow: {
    wanted: 'a list of origins or URLs, such as "https://ideas.example.com", without wildcards',
    read: (given) =>
      Array.isArray(given) && given.length > 0 && given.every(isUrl)
        ? given.map((each) => new URL(each))
        : undefined,
  },
  passAs: name,
  loginParameter: name,
}

export const returnToOption: Option<ReturnSettings | undefined> = {
  wanted: 'an object { parameter, allow }',
  fallback: undefined,
  read: (given) =>
    typeof given === 'object' && given !== null
      ? readOptions('`returnTo`', table, given)
      : undefined,
}

function isUrl(text: unknown): text is string {
  if (typeof text !== 'string' || !/^https?:\/\/[^\s\\@*?#]+$/.test(text)) return false
  return URL.canParse(text)
}

const LISTED = 'an address that `returnTo.allow` has on its list'

/**
 * Adds the address to which the visitor wants to return to the URL of the portal.
 * @throws Rejection `return_to_invalid` for an address that is not on the list
 */
export function returning(
  settings: ReturnSettings | undefined,
  portal: Portal,
  { target }: RequestView,
): (url: string) => string {
  if (!settings) return (url) => url
  const { parameter, allow, passAs } = settings
  const address = returnAddress(target, parameter, LISTED, (text) => isAllowed(text, portal, allow))
  if (address === undefined || passAs === undefined) return (url) => url
  return (url) => `${url}${url.includes('?') ? '&' : '?'}${passAs}=${encodeURIComponent(address)}`
}

function isAllowed(text: string, { baseUrl }: Portal, allow: readonly URL[]): boolean {
  if (!isLocalPath(text) && !/^https?:\/\/(?!\/)[^\s\\@\p{Cc}]+$/u.test(text)) return false
  if (!URL.canParse(text, baseUrl)) return false
  const { origin, pathname } = new URL(text, baseUrl)
  if (/%2f|%5c/i.test(pathname)) return false // servers disagree about it
  return allow.some(
    (each) =>
      each.origin === origin &&
      `${pathname}/`.startsWith(each.pathname.endsWith('/') ? each.pathname : `${each.pathname}/`),
  )
}

/** The path of the login page, with the path back to the sign endpoint in a parameter. */
export function loginPath(
  signedOut: string,
  settings: ReturnSettings | undefined,
  { target }: RequestView,
): string {
  if (!settings || !isLocalPath(target)) return signedOut
  const { loginParameter = settings.parameter } = settings
  const [path = '', fragment] = signedOut.split('#')
  const back = `${path.includes('?') ? '&' : '?'}${loginParameter}=${encodeURIComponent(target)}`
  return `${path}${back}${fragment === undefined ? '' : `#${fragment}`}`
}
