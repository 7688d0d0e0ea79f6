import type { Portals } from './portals'

export type FormatId = keyof Portals

export type Theme = 'featkit' | 'seggwat' | 'harlyy' | 'fdback'

/** One of the five ways in which the app sends its user to the portal. */
export interface Format {
  readonly id: FormatId
  /** The first part of its paths, and the colours of its pages. */
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
  /** The code that makes its portal object, on both sides. */
  readonly code: string
}

export const FORMATS: readonly Format[] = [
  {
    id: 'featkit',
    theme: 'featkit',
    product: 'FeatKit',
    name: 'signed link',
    path: '/featkit/p/lantern',
    board: '/featkit/p/lantern',
    flow: 'tab',
    send: 'Open the board in a new tab',
    formula: 'hex(HMAC-SHA256(secret, payload as text))',
    code: "featkit({ slug: 'lantern', secret })",
  },
  {
    id: 'seggwat-hmac',
    theme: 'seggwat',
    product: 'SeggWat',
    name: 'HMAC token',
    path: '/seggwat/p/lantern-hmac',
    board: '/seggwat/p/lantern-hmac',
    flow: 'frame',
    send: 'Show the board in a frame',
    formula: 'base64url(HMAC-SHA256(secret, payload, decoded))',
    code: "seggwat({ projectKey: 'lantern-hmac', secret })",
  },
  {
    id: 'seggwat-jwt',
    theme: 'seggwat',
    product: 'SeggWat',
    name: 'JWT',
    path: '/seggwat/p/lantern-jwt',
    board: '/seggwat/p/lantern-jwt',
    flow: 'frame',
    send: 'Show the board in a frame',
    formula: 'base64url(HMAC-SHA256(secret, header + "." + payload))',
    code: "seggwat({ projectKey: 'lantern-jwt', mode: 'jwt', secret })",
  },
  {
    id: 'harlyy',
    theme: 'harlyy',
    product: 'Harlyy',
    name: 'one-time link',
    path: '/harlyy/lantern/autumn',
    board: '/harlyy/lantern/autumn',
    flow: 'tab',
    send: 'Open the survey in a new tab',
    formula: 'base64(HMAC-SHA256(secret, payload as text))',
    code: "harlyy({ businessId: 'lantern', surveyId: 'autumn', secret })",
  },
  {
    id: 'fdback',
    theme: 'fdback',
    product: 'fdback',
    name: 'signed request',
    path: '/fdback/api/auth/sdk-login',
    board: '/fdback/board',
    flow: 'form',
    send: 'Post it and open the board',
    formula: 'hex(HMAC-SHA256(secret, timestamp + "." + body))',
    code: "fdback({ workspaceId: 'lantern', secret })",
  },
]

/** The formats that lead to a board. */
export const BOARDS: readonly Format[] = FORMATS.filter(({ id }) => id !== 'harlyy')

export const SURVEY_PATH = '/harlyy/lantern/autumn'

export function formatOf(id: unknown): Format | undefined {
  return FORMATS.find((format) => format.id === id)
}

/** The colours of the page at a path. */
export function themeOf(path: string): Theme | null {
  return FORMATS.find(({ theme }) => path.startsWith(`/${theme}/`))?.theme ?? null
}
