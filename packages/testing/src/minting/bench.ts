import {
  ConfigError,
  createSigner,
  type JsonObject,
  type Key,
  type Portal,
  type RequestView,
  type Signed,
} from '@countersign/core'
import type { WireRequest } from '../minted'
import { anatomyOf, type Anatomy } from './anatomy'
import { methodOf, place, type PlaceOptions } from './placement'
import { signingPortal } from './tenancy'

/** How a credential is made and sent. */
export interface BenchOptions extends PlaceOptions {
  /** The clock, in milliseconds since the epoch. @default Date.now */
  readonly now?: (() => number) | undefined
  /** Life of what is signed, in seconds. @default the portal's own */
  readonly expiresIn?: number | undefined
  /** What makes a one-time credential unique. @default a random UUID */
  readonly nonce?: string | undefined
  /** Whose secret signs and whom it is meant for, where the portal was made without that id. */
  readonly tenant?: string | undefined
}

/** A right credential, and all that it takes to make a wrong one of it. */
export interface Bench {
  readonly anatomy: Anatomy
  readonly portal: Portal
  /** The secret that signs. */
  readonly key: Key
  /** Milliseconds since the epoch. */
  readonly now: number
  /** What the right one says, the time of issue of a signed message included. */
  readonly claims: JsonObject
  /** The right one, as the scheme's codec knows it. */
  readonly good: unknown
  /** Signs other claims. */
  sign(claims: JsonObject): unknown
  /** Puts a credential on a request. */
  place(sent: unknown): WireRequest
  /** Where the scheme writes it, wherever else the kit was asked to put it. */
  placeAsUsual(sent: unknown): WireRequest
  /** A request with this query and nothing else. */
  ask(query: string): WireRequest
}

/** @throws ConfigError, Rejection as a signer does */
export async function openBench(
  given: Portal,
  user: unknown,
  options: BenchOptions,
): Promise<Bench> {
  const now = (options.now ?? Date.now)()
  const portal = signingPortal(given, options.tenant)
  const { codec, mac } = portal.scheme
  const good = await goodOne(portal, user, { ...options, now: () => now })
  const key = await signingKey(portal, now)
  const anatomy = anatomyOf(portal)
  return {
    anatomy,
    portal,
    key,
    now,
    claims: codec.open(good).claims(),
    good,
    sign(claims) {
      const { input, finish } = codec.seal(claims, portal.audience)
      return finish(mac.sign(key, input))
    },
    place: (sent) => place(anatomy, sent, options),
    placeAsUsual: (sent) => place(anatomy, sent, { method: options.method }),
    ask: (query) => ({ method: methodOf(portal, options), query, headers: [] }),
  }
}

/** Signed by the portal's own signer, and read back by its own carrier. */
async function goodOne(portal: Portal, user: unknown, options: BenchOptions): Promise<unknown> {
  const { now, expiresIn, nonce } = options
  const allowShortSecret = true // whether it counts is for the guard to say
  const signer = createSigner(portal, { now, expiresIn, allowShortSecret })
  const signed = await signer.sign(user as never, { nonce }) // the portal's own input, as `mint` asks for
  const found = await portal.scheme.carrier.read(viewOf(signed))
  if (found) return found.sent
  throw new ConfigError('scheme_unreadable', {
    problem: `The scheme "${portal.scheme.name}" cannot read what it has put on a request`,
    fix: 'Make its carrier read what it writes',
  })
}

function viewOf({ url, headers = {}, body = '' }: Signed): RequestView {
  const sent = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])
  return {
    method: 'POST',
    target: url.slice(new URL(url).origin.length),
    headers: (name) => sent.filter(([each]) => each === name).map(([, value]) => value as string),
    body: () => Buffer.from(body, 'utf8'),
    native: undefined,
  }
}

async function signingKey(portal: Portal, now: number): Promise<Key> {
  const keys = await portal.keys.keysOf(portal.audience, now)
  return keys?.[0] as Key // the signer has just used it
}
