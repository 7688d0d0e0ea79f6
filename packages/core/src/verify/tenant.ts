import { isPromise } from '../awaitable'
import { ConfigError } from '../config-error'
import type { Portal } from '../portal'
import { Rejection } from '../rejection'
import { isTenantId } from '../wire/message'
import type { VerifierOptions } from './settings'

/** Why there is no secret to try. */
export class UnknownTenant {
  readonly reason: string

  constructor(reason: string) {
    this.reason = reason
  }
}

/**
 * The tenant whose secret is used; `null` where one secret serves all. The name in a credential is not signed, so it counts only where a secret depends on it:
 * where the portal has its own id, or looks up its secret by that name.
 * @param named the tenant that the credential names
 */
export function tenantOf(
  named: string | null,
  portal: Portal,
  option: VerifierOptions['tenant'],
  native: unknown,
): string | null | UnknownTenant {
  const given = option ? tenantGiven(option, native) : null
  if (given instanceof UnknownTenant || named === null) return given
  const expected = portal.audience ?? given
  if (expected !== null && named !== expected) return OTHER_TENANT
  if (given !== null) return given
  return portal.keys.known && portal.audience === null ? null : named
}

const OTHER_TENANT = new UnknownTenant('the credential names another tenant')
const NO_TENANT = new UnknownTenant('`tenant` returned no id')
const NO_ID = new UnknownTenant(
  '`tenant` returned a text that cannot be an id: 1 to 255 of A-Z a-z 0-9 _ -',
)

/**
 * @throws Rejection `secret_unavailable` where the callback throws
 * @throws ConfigError where it returns anything but text, null and undefined
 */
export function tenantGiven(
  option: (request: unknown) => unknown,
  native: unknown,
): string | UnknownTenant {
  let id: unknown
  try {
    id = option(native)
  } catch (cause) {
    throw new Rejection('secret_unavailable', '`tenant` threw an error', cause)
  }
  if (isTenantId(id)) return id
  if (id === null || id === undefined || id === '') return NO_TENANT
  if (typeof id === 'string') return NO_ID
  if (isPromise(id)) id.then(undefined, () => {}) // an unhandled rejection would end the process
  throw new ConfigError('option_invalid', {
    problem: `\`tenant\` returned ${isPromise(id) ? 'a promise' : `a value of type ${typeof id}`}`,
    fix: 'Let it return a string or null synchronously, and do asynchronous lookups in `secret`',
  })
}
