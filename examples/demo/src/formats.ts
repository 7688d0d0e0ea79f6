import type { Portals } from './portals'

export type FormatId = 'featkit' | 'seggwat-hmac' | 'seggwat-jwt' | 'harlyy' | 'fdback'

export type Theme = 'featkit' | 'seggwat' | 'harlyy' | 'fdback'

/** One of the five ways in which the app sends its user to the portal. */
export interface Format {
  readonly id: FormatId
  /** Its portal object, and its secret. */
  readonly key: keyof Portals
  readonly theme: Theme
  /** The product that the portal site imitates here. */
  readonly product: string
  /** What the product calls its credential. */
  readonly name: string
  /** Where the credential is sent. */
  readonly path: string
  /** Where the visitor ends up. */
  readonly board: string
  /** How the credential gets to the portal. */
  readonly flow: 'tab' | 'frame' | 'form'
  /** Text of the button that sends it. */
  readonly send: string
  /** How the signature is computed. */
  readonly formula: string
}

export const FORMATS: readonly Format[] = [
  {
    id: 'featkit',
    key: 'featkit',
    theme: 'featkit',
    product: 'FeatKit',
    name: 'signed link',
    path: '/featkit/p/lantern',
    board: '/featkit/p/lantern',
    flow: 'tab',
    send: 'Open the board in a new tab',
    formula: 'hex(HMAC-SHA256(secret, payload as text))',
  },
  {
    id: 'seggwat-hmac',
    key: 'seggwatHmac',
    theme: 'seggwat',
    product: 'SeggWat',
    name: 'HMAC token',
    path: '/seggwat/p/lantern-hmac',
    board: '/seggwat/p/lantern-hmac',
    flow: 'frame',
    send: 'Show the board in a frame',
    formula: 'base64url(HMAC-SHA256(secret, payload, decoded))',
  },
  {
    id: 'seggwat-jwt',
    key: 'seggwatJwt',
    theme: 'seggwat',
    product: 'SeggWat',
    name: 'JWT',
    path: '/seggwat/p/lantern-jwt',
    board: '/seggwat/p/lantern-jwt',
    flow: 'frame',
    send: 'Show the board in a frame',
    formula: 'base64url(HMAC-SHA256(secret, header + "." + payload))',
  },
  {
    id: 'harlyy',
    key: 'harlyy',
    theme: 'harlyy',
    product: 'Harlyy',
    name: 'one-time link',
    path: '/harlyy/lantern/autumn',
    board: '/harlyy/lantern/autumn',
    flow: 'tab',
    send: 'Open the survey in a new tab',
    formula: 'base64(HMAC-SHA256(secret, payload as text))',
  },
  {
    id: 'fdback',
    key: 'fdback',
    theme: 'fdback',
    product: 'fdback',
    name: 'signed request',
    path: '/fdback/api/auth/sdk-login',
    board: '/fdback/board',
    flow: 'form',
    send: 'Post it and open the board',
    formula: 'hex(HMAC-SHA256(secret, timestamp + "." + body))',
  },
]

export function formatOf(id: unknown): Format | undefined {
  return FORMATS.find((format) => format.id === id)
}
