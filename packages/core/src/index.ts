export type { Signed } from './address'
export { isPromise, type Awaitable } from './awaitable'
export { base64, base64url, base64urlPadded, hex, type Encoding } from './bytes'
export { bearer, query } from './carrier'
export type { Carrier, Found, Placement, QueryOptions } from './carrier'
export type {
  Claims,
  ClaimsReader,
  ClaimsTable,
  PortalUser,
  RegisteredClaims,
  UserTable,
} from './claims'
export { compact, malformed } from './codec'
export type { Codec, CompactOptions, Envelope, Sealing } from './codec'
export { ConfigError, type ConfigFault, type ConfigReason } from './config-error'
export {
  absent,
  email,
  httpUrl,
  identifier,
  millis,
  nonce,
  nullable,
  omissible,
  optional,
  sameAs,
  seconds,
  sessionIdentity,
  text,
  type Field,
  type Maybe,
} from './fields'
export { createGuard, type Guard, type GuardOptions, type Verdict } from './guard'
export { parseObject, type JsonObject } from './json'
export { compactJws } from './jws'
export { Key, type KeyDetails, type SigningInput } from './key'
export type { KeySource, SecretLookup, SecretRequest, SecretSource } from './key-source'
export { hmacSha256, hs256, type Mac } from './mac'
export { LIMITS, type WireLimits } from './limits'
export { memoryReplayStore, type MemoryReplayStoreOptions } from './memory-replay-store'
export { signedMessage, type MessageOptions, type SignedMessage } from './message'
export {
  inForm,
  inHeaders,
  inReplyParameter,
  type FormOptions,
  type MessageNames,
} from './message-carrier'
export type { LeaseMode, VerifierOptions } from './verifier-options'
export type { InputOf, Portal, PortalOptions, UserOf } from './portal'
export { redactUrl, stripParameters } from './redact-url'
export { isRejection, Rejection, REJECTIONS } from './rejection'
export type { RejectionCode, RejectionEntry } from './rejection'
export { retentionSpan } from './replay'
export type { Lease, ReplayLeases, ReplayStore, UseState } from './replay'
export type { Endpoint, RequestView, ResponseData } from './request'
export { defineScheme } from './scheme'
export type {
  PortalFactory,
  Scheme,
  SchemeAddress,
  SchemeDefinition,
  SchemeLimits,
  SingleUse,
} from './scheme'
export type { NamedSecret, SecretInput, SecretValue } from './secret'
export { createSignEndpoint, type SignEndpointOptions } from './sign-endpoint'
export { oneOf } from './one-of'
export { createSigner } from './signer'
export type { Signer, SignerOptions, SignOptions } from './signer'
export type { Reservation } from './reservation'
export type { Uses } from './single-use'
export type {
  PortalAuth,
  Verification,
  VerificationError,
  Verified,
  Verifier,
} from './verification'
export { createVerifier } from './verifier'
