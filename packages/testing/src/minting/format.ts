import type { MessageNames, Outgoing, Portal } from '@countersign/core'

/** True for `[header.]payload.signature`, of which the kit can write each part. */
export function isText({ scheme: { codec } }: Portal): boolean {
  return codec.compact && codec.payload !== null
}

/** True for a signature beside the body that it signs. */
export function isMessage(portal: Portal): boolean {
  return headerNames(portal) !== undefined
}

/** True where the kit knows how claims become JSON, and JSON a credential. */
export function isKnown(portal: Portal): boolean {
  return isText(portal) || isMessage(portal)
}

/** True for text whose header names the algorithm HS256. */
export function isJwt(portal: Portal): boolean {
  return isText(portal) && /"alg":"HS256"/.test(Buffer.from(headOf(portal), 'base64url').toString())
}

/** What precedes the payload: a JWT header and its dot, or nothing. */
export function headOf({ scheme: { codec }, audience }: Portal): string {
  const header = typeof codec.header === 'function' ? codec.header(audience) : codec.header
  return header === null ? '' : `${header}.`
}

/** The headers in which the parts of a signed message travel. */
export function headerNames({ scheme: { codec, carrier } }: Portal): MessageNames | undefined {
  if (codec.signs !== 'timestamp and body') return undefined
  const parts = { tenant: 'a', timestamp: 'b', signature: 'c', body: Buffer.from('{}') }
  const written = Object.entries((carrier.write(parts) as Outgoing).headers ?? {})
  const nameOf = (part: string) => written.find(([, value]) => value === part)?.[0]
  const [tenant, timestamp, signature] = [nameOf('a'), nameOf('b'), nameOf('c')]
  return tenant && timestamp && signature ? { tenant, timestamp, signature } : undefined
}

/** The query parameter that holds a credential, or the whole reply of a sign endpoint. */
export function parameterOf({ scheme: { carrier } }: Portal): string | undefined {
  return carrier.parameters.length === 1 ? carrier.parameters[0] : undefined
}

/** True where the scheme writes its credentials into the URL. */
export function isInUrl(portal: Portal): boolean {
  return portal.scheme.codec.compact && parameterOf(portal) !== undefined
}

/** The headers in which a credential travels, in lower case. */
export function credentialHeaders(portal: Portal): readonly string[] {
  const names = headerNames(portal)
  const places = names ? Object.values(names) : portal.scheme.carrier.places
  return places.filter((place) => /^[\w-]+$/.test(place)).map((name) => name.toLowerCase())
}
