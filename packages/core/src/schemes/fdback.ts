import {
  defineScheme,
  email,
  hmacSha256,
  httpUrl,
  inForm,
  inHeaders,
  inReplyParameter,
  millis,
  oneOf,
  optional,
  derivedFrom,
  requiredInSession,
  signedMessage,
  text,
  type Maybe,
  type Mistaken,
  type PortalFactory,
  type PortalUser,
  type SignedRequest,
} from '../index'

/** A user whom fdback can verify. */
export interface FdbackUser extends PortalUser {
  readonly scheme: 'fdback'
  /** The e-mail address: fdback knows its users by it. */
  readonly id: string
  readonly email: string
  /** An absolute http(s) URL. */
  readonly avatar: string | null
}

/** The user of an application that sends its users to fdback. Without an e-mail address the user counts as signed out. */
export interface FdbackInput extends Mistaken<{ /** @deprecated */ readonly mail: 'email' }> {
  readonly email?: Maybe<string>
  readonly name?: Maybe<string>
  readonly avatar?: Maybe<string>
}

const inHeader = { tenant: 'x-workspace-id', timestamp: 'x-timestamp', signature: 'x-signature' }
const inField = { tenant: '_workspaceId', timestamp: '_timestamp', signature: '_signature' }

/**
 * fdback.io's signed requests: headers beside a JSON body, and the two other forms that its browser
 * client sends, a form POST and `?data=`. `workspaceId` is needed to sign.
 * Source: fdback.io's documentation, "Custom Backend Integration", and its client, version 0.5.0.
 */
export const fdback: PortalFactory<FdbackUser, FdbackInput, 'workspaceId', SignedRequest> =
  defineScheme({
    name: 'fdback',
    carrier: oneOf(
      inHeaders(inHeader),
      inReplyParameter('data', inHeader),
      inForm({ names: inField, members: ['email', 'name', 'avatar'] }),
    ),
    codec: signedMessage({ timestampClaim: 'x-timestamp' }),
    mac: hmacSha256,
    claims: {
      user: {
        id: derivedFrom(email('email')),
        email: requiredInSession(email('email')),
        name: optional(text('name')),
        avatar: optional(httpUrl('avatar')),
      },
      issuedAt: millis('x-timestamp'),
      unknown: 'refuse',
    },
    limits: { maxLifetime: 300, window: 300 },
    singleUse: { when: 'with-store', by: 'signing-input' },
    audience: 'workspaceId',
    address: {
      origin: 'https://app.fdback.io',
      path: () => '/api/auth/sdk-login',
      ids: ['workspaceId'],
      expiresIn: 300,
    },
  })
