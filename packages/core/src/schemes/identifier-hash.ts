import {
  besideIdentifier,
  defineScheme,
  derivedFrom,
  email,
  hashedIdentifier,
  hex,
  hmacSha256,
  identifier,
  notProvided,
  type PartNames,
  type PortalFactory,
  type PortalUser,
  type SignedIdentifier,
} from '../index'

/** Only the identifier is verified. What is sent beside it, such as a name, is anyone's claim. */
export interface IdentifiedUser extends PortalUser {
  readonly id: string
  readonly email: null
  readonly name: null
}

/** Only the e-mail address is verified. It is the `id`, too. */
export interface EmailIdentifiedUser extends PortalUser {
  readonly id: string
  readonly email: string
  readonly name: null
}

/** The identifier, exactly as the page sends it. */
export interface IdentifiedInput {
  readonly id: string | number | bigint
}

/** The e-mail address, exactly as the page sends it. */
export interface EmailIdentifiedInput {
  readonly email: string
}

type ById = PortalFactory<IdentifiedUser, IdentifiedInput, never, SignedIdentifier>
type ByEmail = PortalFactory<EmailIdentifiedUser, EmailIdentifiedInput, never, SignedIdentifier>

const common = {
  codec: hashedIdentifier('identifier'),
  mac: hmacSha256,
  limits: { maxLifetime: Infinity, neverExpires: true },
  address: { origin: '', path: () => '', ids: [], expiresIn: Infinity },
} as const

function byId(name: string, names: PartNames): ById {
  const user = { id: identifier('identifier'), email: notProvided, name: notProvided }
  const carrier = besideIdentifier(names)
  return defineScheme({ ...common, name, carrier, claims: { user, unknown: 'drop' } })
}

function byEmail(
  name: string,
  names: PartNames,
  spelled: { secretSpelling?: typeof hex } = {},
): ByEmail {
  const address = email('identifier')
  const user = { id: derivedFrom(address), email: address, name: notProvided }
  const carrier = besideIdentifier(names)
  return defineScheme({ ...common, ...spelled, name, carrier, claims: { user, unknown: 'drop' } })
}

/**
 * HMAC-SHA256 in hex of one identifier, as Intercom's older identity verification has it (`user_id`
 * and `user_hash`). It never expires: whoever has seen it can be this user until the secret changes.
 * Source: Intercom's help, "Identity verification".
 */
export const identifierHash: ById = byId('identifierHash', {
  text: 'user_id',
  signature: 'user_hash',
})

/** Chatwoot's `identifier_hash` for `setUser`. It never expires. Source: Chatwoot's documentation, "Identity validation". */
export const chatwoot: ById = byId('chatwoot', { text: 'identifier', signature: 'identifier_hash' })

/** Novu's `subscriberHash` for its Inbox. It never expires. Source: Novu's documentation, "HMAC encryption". */
export const novu: ById = byId('novu', { text: 'subscriberId', signature: 'subscriberHash' })

/** Help Scout's `signature` for Beacon's `identify`. It never expires. Source: Help Scout's documentation, "Beacon secure mode". */
export const helpScout: ByEmail = byEmail('helpScout', { text: 'email', signature: 'signature' })

/** Front's `userHash` for its chat. It never expires. Source: Front's documentation, "Identity verification". */
export const front: ByEmail = byEmail('front', { text: 'email', signature: 'userHash' })

/** Crisp's signature for `user:email`. It never expires. Source: Crisp's documentation, "Identity verification". */
export const crisp: ByEmail = byEmail('crisp', { text: 'email', signature: 'signature' })

/** Pylon's `email_hash`; its secret is the text of a key in hex. It never expires. Source: Pylon's documentation, "Identity verification". */
export const pylon: ByEmail = byEmail(
  'pylon',
  { text: 'email', signature: 'email_hash' },
  { secretSpelling: hex },
)
