import {
  ConfigError,
  createVerifier,
  Key,
  type Portal,
  type RequestView,
  type Verification,
} from '@countersign/core'
import type { ExplainOptions } from './explanation'

/** Everything about the portal that an explanation needs. */
export interface Context {
  readonly portal: Portal
  /** The first of them signs what is right. */
  readonly keys: readonly Key[]
  readonly secret: string | undefined
  readonly others: Readonly<Record<string, string>>
  readonly portals: readonly Portal[]
  readonly bearer: boolean
  /** In seconds. */
  readonly clockTolerance: number
  /** Milliseconds since the epoch. */
  readonly now: number
  /** What the credential has to be for; `null` where one secret serves all tenants. */
  readonly audience: string | null
  verify(request: RequestView): Promise<Verification>
}

/** @throws ConfigError for options that cannot work, Rejection where the secret cannot be looked up */
export async function contextOf(options: ExplainOptions): Promise<Context> {
  const {
    portal,
    secret,
    others = {},
    portals = [],
    tenant,
    now: clock = Date.now,
    ...guard
  } = options
  const now = typeof clock === 'number' ? clock : clock()
  const audience = tenant ?? portal.audience
  const keys = (await portal.keys.keysOf(audience, now)) ?? []
  if (secret !== undefined) assertOwn(secret, keys, portal)
  const verifier = createVerifier(portal, {
    ...guard,
    ...(tenant !== undefined && { tenant: () => tenant }),
    consume: 'manual', // looks, and uses nothing up
    now: () => now,
  })
  return {
    portal,
    keys,
    secret,
    others,
    portals,
    bearer: guard.bearer ?? false,
    clockTolerance: guard.clockTolerance ?? 30,
    now,
    audience,
    verify: async (request) => verifier.verify(request),
  }
}

function assertOwn(secret: string, keys: readonly Key[], { scheme }: Portal): void {
  const given = new Key(Buffer.from(secret, 'utf8'), { id: null, notAfter: Infinity })
  if (keys.some((key) => key.equals(given))) return
  throw new ConfigError('option_invalid', {
    problem: `The option "secret" of explain() is not a secret of the ${scheme.name} portal`,
    fix: 'Pass the text that the portal was made with; name other secrets in `others`',
  })
}
