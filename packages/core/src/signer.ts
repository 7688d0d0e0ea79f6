import { randomUUID } from 'node:crypto'
import { addressed, embedded, type Signed } from './address'
import { writeClaims, type Claims, type PortalUser } from './claims'
import { readClock } from './clock'
import type { Sealing } from './codec'
import { ConfigError } from './config-error'
import type { Key } from './key'
import type { JsonObject } from './json'
import { lifetimes, limitsOf } from './lifetime'
import { assertKnown, booleanOption, functionOption } from './options'
import { MAX_CREDENTIAL } from './parameters'
import { assertKeyLength, requireIds, type InputOf, type Portal } from './portal'
import { isRejection, Rejection } from './rejection'
import { checkTimes, endOf } from './validity'

export interface SignerOptions {
  /**
   * Life of what is signed, in seconds. Not for fdback, whose life is fixed.
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

export interface SignOptions {
  /** Life of this credential, in seconds. @default the signer's */
  readonly expiresIn?: number | undefined
  /** Make the URL one for an iframe. Only where the portal has such a mode. @default false */
  readonly embed?: boolean | undefined
  /** What makes a one-time credential unique. @default a random UUID */
  readonly nonce?: string | undefined
}

export interface Signer<Input> {
  /**
   * Signs a user. Only own data properties with the documented names are read.
   *
   * Rejects with a `Rejection` (`user_invalid`, `unauthenticated`, `secret_unavailable`) or a
   * `ConfigError`; then nothing was signed.
   */
  sign(user: Input, options?: SignOptions): Promise<Signed>
}

const SIGNER_OPTIONS = ['expiresIn', 'allowShortSecret', 'now']
const SIGN_OPTIONS = ['expiresIn', 'embed', 'nonce']

/**
 * Makes what signs users for a portal, with the first of its secrets.
 * @throws ConfigError where the portal lacks an id that signing needs, or an option cannot work
 */
export function createSigner<P extends Portal>(
  portal: P,
  options: SignerOptions = {},
): Signer<InputOf<P>> {
  assertKnown(options, SIGNER_OPTIONS, 'A signer')
  functionOption('now', options.now)
  booleanOption('allowShortSecret', options.allowShortSecret)
  const ids = requireIds(portal)
  const lifetimeOf = lifetimes(portal, options.expiresIn)
  const { now = Date.now, allowShortSecret = false } = options
  const { codec, mac } = portal.scheme
  assertKeyLength(portal, portal.keys.known?.slice(0, 1) ?? [], allowShortSecret)

  async function sign(user: InputOf<P>, request: SignOptions = {}): Promise<Signed> {
    assertKnown(request, SIGN_OPTIONS, 'Signing')
    booleanOption('embed', request.embed)
    const embed = request.embed ? embedded(portal) : undefined
    const time = readClock(now)
    const lifetime = lifetimeOf(request.expiresIn)
    const raw = describe(portal, user, { time, lifetime, nonce: request.nonce })
    const sealing = codec.seal(raw, portal.audience)
    const claims = rehearse(portal, sealing, time)
    const key = await signingKey(portal, time)
    assertKeyLength(portal, [key], allowShortSecret)
    const sent = sealing.finish(mac.sign(key, sealing.input))
    assertReadable(portal, sent, key)
    const expiresAt = endOf(claims, limitsOf(portal)) ?? time + lifetime
    return { ...addressed(portal, sent, { ids, embed }), expiresAt }
  }

  return { sign }
}

interface Moment {
  /** Milliseconds since the epoch. */
  readonly time: number
  /** Milliseconds. */
  readonly lifetime: number
  readonly nonce: string | undefined
}

/** The user as claims. What is wrong with them is found before anything is signed. */
function describe(portal: Portal, user: unknown, { time, lifetime, nonce }: Moment): JsonObject {
  const { claims, reader } = portal.scheme
  if (typeof user !== 'object' || user === null) {
    throw new Rejection('user_invalid', 'the user is not an object')
  }
  const properties = Object.keys(claims.user).map((name) => [name, ownValue(user, name)] as const)
  const raw = writeClaims(claims, Object.fromEntries(properties), {
    issuedAt: time,
    notBefore: null,
    expiresAt: time + lifetime,
    audience: portal.audience,
    nonce: nonce ?? randomUUID(),
  })
  asUserFault(() => reader.read(raw))
  return raw
}

/** Getters and prototypes are not asked: only what the user plainly has is signed. */
function ownValue(user: object, name: string): unknown {
  return Object.getOwnPropertyDescriptor(user, name)?.value
}

/** Reads back what is about to be signed, under an empty signature. */
function rehearse(portal: Portal, sealing: Sealing<unknown>, time: number): Claims<PortalUser> {
  const { codec, mac, reader } = portal.scheme
  return asUserFault(() => {
    const draft = sealing.finish(Buffer.alloc(mac.length))
    if (typeof draft === 'string' && draft.length > MAX_CREDENTIAL) {
      throw new Rejection('user_invalid', 'the user does not fit into one credential')
    }
    const claims = reader.read(codec.open(draft).claims())
    checkTimes(claims, limitsOf(portal), time)
    return claims
  })
}

function asUserFault<Value>(read: () => Value): Value {
  try {
    return read()
  } catch (error) {
    throw isRejection(error) ? new Rejection('user_invalid', error.detail) : error
  }
}

async function signingKey(portal: Portal, time: number): Promise<Key> {
  const [key] = (await portal.keys.keysOf(portal.audience, time)) ?? []
  if (key && time < key.notAfter) return key
  throw new ConfigError('key_retired', {
    problem: `There is no secret to sign with for ${portal.scheme.name}: the first is missing or past its \`notAfter\``,
    fix: 'Put the newest secret first',
  })
}

/** A signature that our own verifier would refuse never leaves. */
function assertReadable(portal: Portal, sent: unknown, key: Key): void {
  const { codec, mac, name } = portal.scheme
  const { input, signature } = codec.open(sent)
  if (mac.verify(key, input, signature)) return
  throw new ConfigError('scheme_unreadable', {
    problem: `The scheme "${name}" cannot read what it signed`,
    fix: 'Make its codec read what it writes',
  })
}
