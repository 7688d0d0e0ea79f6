import {
  base64url,
  compact,
  defineScheme,
  email,
  hex,
  hmacSha256,
  identifier,
  optional,
  query,
  Rejection,
  seconds,
  text,
  type Field,
  type Maybe,
  type PortalFactory,
  type PortalUser,
} from '@countersign/core'

const PLANS = ['free', 'team', 'business'] as const
export type Plan = (typeof PLANS)[number]

/** Whom the community knows: `plan` comes beside what every scheme has. */
export interface AcmeUser extends PortalUser {
  readonly scheme: 'acme'
  readonly id: string
  readonly plan: Plan
}

/** What an app hands over to be signed. */
export interface AcmeInput {
  readonly id: string | number
  readonly email?: Maybe<string>
  readonly name?: Maybe<string>
  readonly plan: Plan
}

/**
 * Acme's own links, `https://community.acme.example/c/{community}?u=…`: JSON and its HMAC-SHA256 in
 * hex, for ten minutes, for one community.
 */
export const acme: PortalFactory<AcmeUser, AcmeInput, 'community'> = defineScheme({
  name: 'acme',
  carrier: query('u', { verbatim: true }),
  codec: compact({ payload: base64url, signature: hex, signs: 'text' }),
  mac: hmacSha256,
  claims: {
    user: {
      id: identifier('uid'),
      email: optional(email('mail')),
      name: optional(text('nick', 80)),
      plan: plan('plan'),
    },
    issuedAt: seconds('at'),
    expiresAt: seconds('until'),
    audience: text('for', 255),
    unknown: 'refuse',
  },
  limits: { maxLifetime: 3600 },
  audience: 'community',
  address: {
    origin: 'https://community.acme.example',
    path: ({ community }) => `/c/${community}`,
    ids: ['community'],
    expiresIn: 600,
  },
})

/** A field of our own: `read` never trusts what was signed to be what we mean. */
function plan(claim: string): Field<Plan> {
  return {
    claim,
    read(raw) {
      const found = PLANS.find((name) => name === raw)
      if (found) return found
      throw new Rejection('claims_invalid', `"${claim}" is none of our plans`)
    },
    write: (value) => value,
  }
}
