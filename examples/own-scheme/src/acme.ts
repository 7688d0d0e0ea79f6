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

/** The verified user. Every scheme has the other properties; `plan` is Acme's own. */
export interface AcmeUser extends PortalUser {
  readonly scheme: 'acme'
  readonly id: string
  readonly plan: Plan
}

/** The user that an app passes to be signed. */
export interface AcmeInput {
  readonly id: string | number
  readonly email?: Maybe<string>
  readonly name?: Maybe<string>
  readonly plan: Plan
}

/**
 * Acme's links, `https://community.acme.example/c/{community}?u=…`: JSON and its HMAC-SHA256 in hex,
 * valid for ten minutes, for one community.
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

/** A field of our own. `read` checks the value: a signature does not make it valid. */
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
