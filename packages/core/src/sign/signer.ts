import { randomUUID } from 'node:crypto'
import { checkTimes, endOf, readClock, timeLimits, type TimeLimits } from '../verify/times'
import { ConfigError } from '../config-error'
import { publish } from '../report'
import { assertKeyLength, type Key } from '../keys/key'
import {
  anyText,
  clock,
  flag,
  readOptions,
  type Option,
  type OptionTable,
  type Settings,
} from '../options'
import type { InputOf, OutputOf, Portal } from '../portal'
import { isRejection, Rejection } from '../rejection'
import type { Claims, PortalUser } from '../wire/claims'
import { claimsOf, MAC_LENGTH, type Unsigned } from '../wire/codec'
import { LIMITS } from '../wire/limits'
import type { AnySigned, Signed } from '../wire/page-carriers'
import { addressed, embedParameter, requireIds } from './address'
import { readArrival } from './arrival'
import { userClaims } from './user-claims'

/** How a signer signs. */
export interface SignerOptions {
  /**
   * Lifetime of what is signed, in seconds. Not for fdback, whose lifetime is fixed.
   * @default the portal's documented one: FeatKit 86400, SeggWat 3600, Harlyy 604800
   */
  readonly expiresIn?: number | undefined
  /**
   * Sign with a JWT secret of 16 to 31 bytes, against RFC 7518 section 3.2.
   * @default false
   */
  readonly allowShortSecret?: boolean | undefined
  /**
   * The clock, in milliseconds since the epoch.
   * @default Date.now
   */
  readonly now?: (() => number) | undefined
}

/** What one call of `sign` may change. */
export interface SignOptions {
  /** Lifetime of this credential, in seconds. @default the signer's */
  readonly expiresIn?: number | undefined
  /** Make a URL for an iframe. Only for portals that can be embedded. @default false */
  readonly embed?: boolean | undefined
  /** Makes a one-time credential unique. @default a random UUID */
  readonly nonce?: string | undefined
  /**
   * The URL of the request with which the portal has sent the visitor to you, or its path and query.
   * What the portal wants back, such as `return_to`, is checked and sent along.
   */
  readonly arrival?: string | undefined
}

/** Signs users for one portal. */
export interface Signer<Input, Output = Signed> {
  /**
   * Signs a user. Reads only own data properties with the documented names.
   *
   * Rejects with a `Rejection` (`user_invalid`, `unauthenticated`, `secret_unavailable`) or a
   * `ConfigError`; then nothing was signed.
   */
  sign(user: Input, options?: SignOptions): Promise<Output>
}

/**
 * Makes a signer, which signs with the first of the portal's secrets.
 * @throws ConfigError where the portal lacks an id that signing needs, or an option cannot work
 */
export function createSigner<P extends Portal>(
  portal: P,
  options: SignerOptions = {},
): Signer<InputOf<P>, OutputOf<P>> {
  const table = { expiresIn: expiresInOption(portal), allowShortSecret: flag, now: clock }
  const signer = signerFor(portal, readOptions('createSigner()', table, options))
  return signer as Signer<InputOf<P>, OutputOf<P>> // of this portal
}

/**
 * The signer behind the check of its options. It checks the user, too.
 * @param settings times in milliseconds
 * @param asForm whether a browser posts it, where the portal takes a form beside something else
 */
export function signerFor(
  portal: Portal,
  { expiresIn, allowShortSecret, now }: Settings<SignerOptions>,
  asForm = false,
): Signer<unknown, AnySigned> {
  requireIds(portal)
  const { codec, mac, name } = portal.scheme
  const limits = timeLimits(portal.scheme.limits)
  assertKeyLength({ name, mac }, portal.keys.known?.slice(0, 1) ?? [], allowShortSecret)
  const table = {
    expiresIn: { ...expiresInOption(portal), fallback: expiresIn },
    embed: flag,
    nonce: anyText('text of 1 to 255 characters'),
    ...(portal.scheme.arrival && { arrival: anyText(ARRIVAL) }),
  } as OptionTable<Settings<SignOptions, 'nonce' | 'arrival'>> // `arrival` only where the scheme has one

  async function sign(user: unknown, request: SignOptions = {}): Promise<AnySigned> {
    const { expiresIn: lifetime, nonce, arrival, ...terms } = readOptions('sign()', table, request)
    const embed = terms.embed ? embedParameter(portal) : undefined
    const time = readClock(now)
    const { echo, nonce: asked } = await readArrival(portal, arrival, time)
    const raw = userClaims(portal, user, {
      issuedAt: time,
      notBefore: null,
      expiresAt: time + lifetime,
      audience: portal.audience,
      nonce: nonce ?? asked ?? randomUUID(),
    })
    const unsigned = codec.seal(raw, portal.audience)
    const claims = rehearse(portal, unsigned, limits, time)
    const key = await signingKey(portal, time)
    assertKeyLength({ name, mac }, [key], allowShortSecret)
    const value = finished(portal, unsigned, key)
    const expiresAt = endOf(claims, limits) ?? time + lifetime
    return addressed(portal, value, { echo, embed, asForm, expiresAt })
  }

  return { sign }
}

const ARRIVAL = 'the URL of the request with which the portal has sent the visitor'

/** How long something signed for this portal may live. Read in seconds, used in milliseconds. */
export function expiresInOption({ scheme }: Portal): Option<number> {
  const { window, maxLifetime, neverExpires } = scheme.limits
  if (neverExpires) {
    const refuse = (): never => {
      throw new ConfigError('option_invalid', {
        problem: `Credentials of ${scheme.name} never expire`,
        fix: 'Leave out `expiresIn`',
      })
    }
    return { wanted: '', fallback: Infinity, read: refuse }
  }
  if (window === undefined) {
    return {
      wanted: `a number of seconds from 1 to ${maxLifetime}`,
      fallback: scheme.address.expiresIn * 1000,
      read: (given) =>
        typeof given === 'number' && given >= 1 && given <= maxLifetime
          ? Math.floor(given) * 1000
          : undefined,
    }
  }
  return {
    wanted: `${window}, the fixed lifetime of ${scheme.name} credentials in seconds`,
    fallback: window * 1000,
    read: (given) => (given === window ? window * 1000 : undefined),
  }
}

/** Reads back what is about to be signed, with an empty signature. */
function rehearse(
  { scheme: { codec, reader } }: Portal,
  unsigned: Unsigned<unknown>,
  limits: TimeLimits,
  time: number,
): Claims<PortalUser> {
  const draft = unsigned.finish(codec.signature.encode(Buffer.alloc(MAC_LENGTH)))
  if (typeof draft === 'string' && draft.length > LIMITS.credential) {
    throw new Rejection(
      'user_invalid',
      `the user does not fit into a credential of ${LIMITS.credential} characters`,
    )
  }
  try {
    const claims = reader.read(claimsOf(codec.open(draft)))
    checkTimes(claims, limits, time)
    return claims
  } catch (error) {
    throw isRejection(error) ? new Rejection('user_invalid', error.detail) : error
  }
}

async function signingKey(portal: Portal, time: number): Promise<Key> {
  const [key] = (await portal.keys.keysOf(portal.audience, time)) ?? []
  if (key && time < key.notAfter) return key
  throw new ConfigError('key_retired', {
    problem: `There is no secret to sign with for ${portal.scheme.name}: the first one is missing or past its \`notAfter\``,
    fix: 'Put the newest secret first',
  })
}

/** A credential that our own verifier would refuse must not be handed out. */
function finished({ scheme }: Portal, unsigned: Unsigned<unknown>, key: Key): unknown {
  const { codec, name } = scheme
  const value = unsigned.finish(key.sign(unsigned.input, codec.signature))
  const { input, signature, tenant } = codec.open(value)
  if (key.verify(input, signature, codec.signature)) {
    publish('signed', { scheme: name, tenant, keyId: key.id })
    return value
  }
  throw new ConfigError('scheme_unreadable', {
    problem: `The scheme "${name}" cannot read what it signed`,
    fix: 'Make its codec read what it writes',
  })
}
