import type { Portal } from '@countersign/express'
import type { Portals } from '../portals'

/** A board of the portal site, and who may come in by which door. */
export interface Place {
  /** Its name in the database. */
  readonly id: string
  readonly theme: Theme
  /** The product that it stands in for. */
  readonly product: string
  /** What the product calls its credential. */
  readonly format: string
  readonly path: string
  readonly portal: Portal
}

export type Theme = 'featkit' | 'seggwat' | 'harlyy' | 'fdback'

export const SURVEY_PATH = '/harlyy/lantern/autumn'

export function boardsOf(portals: Portals): readonly Place[] {
  return [
    {
      id: 'featkit',
      theme: 'featkit',
      product: 'FeatKit',
      format: 'signed link',
      path: '/featkit/p/lantern',
      portal: portals.featkit,
    },
    {
      id: 'seggwat-hmac',
      theme: 'seggwat',
      product: 'SeggWat',
      format: 'HMAC token',
      path: '/seggwat/p/lantern-hmac',
      portal: portals.seggwatHmac,
    },
    {
      id: 'seggwat-jwt',
      theme: 'seggwat',
      product: 'SeggWat',
      format: 'JWT',
      path: '/seggwat/p/lantern-jwt',
      portal: portals.seggwatJwt,
    },
    {
      id: 'fdback',
      theme: 'fdback',
      product: 'fdback',
      format: 'signed request',
      path: '/fdback/board',
      portal: portals.fdback,
    },
  ]
}

/** Whose colours a page wears. */
export function themeOf(path: string): Theme | null {
  const [, first] = path.split('/')
  const themes: readonly string[] = ['featkit', 'seggwat', 'harlyy', 'fdback']
  return themes.includes(first ?? '') ? (first as Theme) : null // it is one of these four
}
