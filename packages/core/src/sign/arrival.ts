import { returnAddress } from '../local-path'
import type { Portal } from '../portal'
import { isRejection, Rejection } from '../rejection'
import type { RequestView } from '../request'
import { needsBody } from '../wire/carriers'
import { claimsOf, type Envelope } from '../wire/codec'
import { httpUrl, nonce, text } from '../wire/fields'
import type { JsonObject } from '../wire/json'
import { rawQuery, readParameter } from '../wire/parameters'
import { addressOf } from './address'

/**
 * Checks the parameters with which the portal has sent a visitor to sign in.
 * @param url the URL of the visitor's request, or its path and query; `undefined` where no portal has sent them
 * @returns what is sent back with the credential, as parameters or as fields of its form, and the
 *   nonce that the portal wants the credential to contain
 * @throws Rejection `return_to_invalid`, `audience_mismatch` for an id of another portal, and for a
 *   request that the portal signed what a verifier throws
 */
export async function readArrival(
  portal: Portal,
  url: string | undefined,
  now: number,
): Promise<{ readonly echo: Record<string, string>; readonly nonce: string | undefined }> {
  if (url === undefined) return { echo: {}, nonce: undefined }
  const { ids, returnTo, state, signed } = portal.scheme.arrival ?? {}
  const query = rawQuery(url)
  for (const [parameter, id] of Object.entries(ids ?? {})) {
    const sent = readParameter(query, parameter)
    if (sent === undefined || sent === portal.ids[id]) continue
    throw new Rejection('audience_mismatch', `"${parameter}" is not the "${id}" of this portal`)
  }
  const echo: Record<string, string> = {}
  const keep = (parameter: string, value: string | undefined): void => {
    if (value !== undefined) echo[parameter] = value
  }
  if (returnTo !== undefined) {
    keep(
      returnTo,
      returnAddress(url, returnTo, OWN, (sent) => isPortals(portal, sent)),
    )
  }
  if (state !== undefined) keep(state, opaque(query, state))
  return { echo, nonce: signed && (await signedNonce(portal, query, now)) }
}

const OWN = "on the portal's host, or on one of its `returnOrigins`"

/** Whoever chooses where a portal returns visitors may be sent their credentials. */
function isPortals({ baseUrl, returnOrigins }: Portal, sent: string): boolean {
  try {
    httpUrl('').read(sent)
  } catch {
    return false
  }
  const [own, url] = [new URL(baseUrl), new URL(sent)]
  if (!isBelow(url.origin, sent)) return false // the portal may read another host
  if (returnOrigins.includes(url.origin)) return true
  return (
    url.protocol === own.protocol && (url.host === own.host || url.host.endsWith(`.${own.host}`))
  )
}

/** Whether an address is spelled as browsers spell it, without a user in front of the host. */
function isBelow(origin: string, sent: string): boolean {
  return sent.startsWith(origin) && /^(?:[/?#]|$)/.test(sent.slice(origin.length))
}

function opaque(query: string, parameter: string): string | undefined {
  const sent = readParameter(query, parameter)
  try {
    return sent === undefined ? undefined : text(parameter).read(sent)
  } catch (error) {
    throw isRejection(error) ? new Rejection('token_malformed', error.detail) : error
  }
}

async function signedNonce(portal: Portal, query: string, now: number): Promise<string> {
  const { carrier, codec, arrival } = portal.scheme
  const reading = carrier.read(viewOf(query))
  if (!reading || needsBody(reading)) {
    throw new Rejection('credential_missing', 'the portal has not sent this visitor')
  }
  const envelope = codec.open(reading.value)
  await assertSigned(portal, envelope, now)
  const claims = claimsOf(envelope)
  const { nonce: claim = '', returnTo = '' } = arrival?.signed ?? {}
  const address = own(claims, returnTo)
  if (address !== undefined && address !== addressOf(portal)) {
    throw new Rejection('return_to_invalid', `"${returnTo}" is not the address of this portal`)
  }
  return nonce(claim).read(own(claims, claim))
}

async function assertSigned(portal: Portal, envelope: Envelope, now: number): Promise<void> {
  const { signature } = portal.scheme.codec
  const keys = (await portal.keys.keysOf(portal.audience, now)) ?? []
  const matches = keys.filter((key) => key.verify(envelope.input, envelope.signature, signature))
  if (matches.some(({ notAfter }) => now < notAfter)) return
  throw new Rejection('signature_invalid', 'the portal has not signed this request')
}

function own(claims: JsonObject, name: string): unknown {
  return Object.hasOwn(claims, name) ? claims[name] : undefined
}

function viewOf(query: string): RequestView {
  const nothing = { headers: () => [], body: () => new Uint8Array(), native: undefined }
  return { method: 'GET', target: `/?${query}`, ...nothing }
}
