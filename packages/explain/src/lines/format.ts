import type { Codec, Field, Outgoing, Portal } from '@countersign/core'
import { messageNames, type Names } from '../apart/names'

/** Where a claim's value comes from. */
export type Source = 'now' | 'expires' | 'audience' | 'nonce' | { readonly user: string }

export interface ClaimOf {
  readonly claim: string
  readonly source: Source
}

/** All that a program needs to know to sign for a portal. */
export interface Format {
  readonly codec: Codec<unknown>
  readonly claims: readonly ClaimOf[]
  readonly unit: 'seconds' | 'milliseconds'
  /** How long what is signed is valid, in this unit. */
  readonly lifetime: number
  /** The environment variable with the secret. */
  readonly variable: string
  /** The page or the endpoint that the credential is sent to. */
  readonly url: string
  readonly audience: string
  /** The query parameter, for a format of one piece. */
  readonly parameter: string
  /** Whether the parameter's value has to be percent-encoded. */
  readonly isEncoded: boolean
  /** The headers of a signed message; `undefined` for a format of one piece. */
  readonly names: Names | undefined
}

type AnyField = Field<unknown, never>

export function formatOf(portal: Portal): Format {
  const { scheme } = portal
  const { codec, claims } = scheme
  const names = messageNames(portal)
  const time = (claims.expiresAt ?? claims.issuedAt) as AnyField | undefined
  const unit = time?.write(SAMPLE as never) === SAMPLE ? 'milliseconds' : 'seconds' // written from milliseconds
  const query = specimenQuery(portal)
  const ids = Object.entries(portal.ids).map(([name, id]) => [name, id ?? `your-${kebab(name)}`])
  const audience = portal.audience ?? `your-${kebab(scheme.audience ?? 'id')}`
  return {
    codec,
    claims: claimsOfProgram(portal),
    unit,
    lifetime: scheme.address.expiresIn * (unit === 'seconds' ? 1 : 1000),
    variable: `${scheme.name.replaceAll(/\W/g, '_').toUpperCase()}_SECRET`,
    url: portal.baseUrl + scheme.address.path(Object.fromEntries(ids) as Record<string, string>),
    audience,
    parameter: query.slice(0, Math.max(0, query.indexOf('='))),
    isEncoded: query.includes('%'),
    names,
  }
}

/** A moment to see a unit by. */
const SAMPLE = 1_700_000_000_000

/** The user's usual properties and whatever else is required, then the claims about the credential. */
function claimsOfProgram({ scheme }: Portal): readonly ClaimOf[] {
  const { user, issuedAt, expiresAt, audience, nonce } = scheme.claims
  const own = Object.entries<AnyField>(user)
    .filter(([, field]) => !field.isReadOnly)
    .filter(([name, field]) => ['id', 'email', 'name'].includes(name) || isRequired(field))
    .map(([name, { claim }]) => ({ claim, source: { user: name } }))
  const isMessage = scheme.codec.signs === 'timestamp and body'
  const about: readonly (readonly [Source, AnyField | undefined])[] = [
    ['nonce', nonce],
    ['now', isMessage ? undefined : issuedAt],
    ['expires', expiresAt as AnyField | undefined],
    ['audience', audience],
  ]
  return [
    ...own,
    ...about.flatMap(([source, field]) => (field ? [{ claim: field.claim, source }] : [])),
  ]
}

function isRequired(field: AnyField): boolean {
  try {
    field.read(undefined)
    return false
  } catch {
    return true
  }
}

/** The query of a credential whose every character that may need percent-encoding is there. */
function specimenQuery({ scheme: { carrier, codec } }: Portal): string {
  if (!codec.compact) return ''
  const outgoing: Outgoing = carrier.write('+/=.')
  return outgoing.query ?? ''
}

function kebab(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}
