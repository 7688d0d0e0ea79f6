import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Portal, Signed } from '@countersign/core'
import { fdback, featkit, harlyy, seggwat } from '@countersign/core/schemes'

/** One known answer; `vectors/README.md` describes the members. */
export interface Vector {
  readonly id: string
  readonly about: string
  readonly portal: Readonly<Record<string, string>>
  readonly secret: string
  readonly user: Readonly<Record<string, unknown>>
  readonly now: number
  readonly options: Readonly<Record<string, unknown>>
  /** Present where the vector is only to be verified. */
  readonly other?: object
  readonly signed: Omit<Signed, 'expiresAt'> & {
    readonly text?: string
    readonly expiresAt: number | null
  }
  readonly verified: Readonly<Record<string, unknown>>
}

const factories = { featkit, seggwat, harlyy, fdback }
export type SchemeName = keyof typeof factories
export const SCHEMES = Object.keys(factories) as readonly SchemeName[] // its own keys

export function vectorsOf(scheme: SchemeName): readonly Vector[] {
  const path = join(__dirname, 'vectors', `${scheme}.json`)
  return JSON.parse(readFileSync(path, 'utf8')) as Vector[] // the tests would fail on any other shape
}

export function portalOf(scheme: SchemeName, { portal, secret }: Vector): Portal {
  return factories[scheme]({ ...portal, secret })
}
