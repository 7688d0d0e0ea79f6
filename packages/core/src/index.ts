export { isPromise, withDeadline, type Awaitable } from './awaitable'
export { ConfigError, type ConfigReason } from './config-error'
export type { CountersignEvent } from './report'
export { readOptions, type Option, type OptionTable } from './options'
export { defineScheme } from './portal'
export type { InputOf, OutputOf, Portal, PortalFactory, PortalOptions, UserOf } from './portal'
export { redactUrl, stripParameters } from './redact-url'
export { isRejection, Rejection, REJECTIONS } from './rejection'
export type { RejectionCode, RejectionEntry } from './rejection'
export type { Endpoint, RequestView, ResponseData } from './request'
export { problemResponse } from './response'
export type { Scheme, SchemeAddress, SchemeArrival, SchemeDefinition } from './scheme'

export { hmacSha256, hs256, Key, type Mac } from './keys/key'
export type { Keys, KeySource, SecretLookup, SecretRequest, SecretSource } from './keys/key-source'
export type { NamedSecret, SecretInput, SecretValue } from './keys/secret'

export type { Reservation } from './replay/lease'
export { memoryReplayStore, type MemoryReplayStoreOptions } from './replay/memory-store'
export { checkedOwner, leaseSpan, retentionSpan, uniqueNames } from './replay/store'
export type { Lease, ReplayLeases, ReplayStore, SharedReplayStore, UseState } from './replay/store'

export type { SignEndpointOptions } from './sign/endpoint-options'
export type { ReturnTo } from './sign/return-to'
export { createSignEndpoint } from './sign/sign-endpoint'
export { createSigner } from './sign/signer'
export type { Signer, SignerOptions, SignOptions } from './sign/signer'

export { admittedUser } from './verify/admission'
export { createExchange, type Exchange } from './verify/exchange'
export type { CurrentSession, ExchangeContext, ExchangeOptions } from './verify/exchange-options'
export {
  createGuard,
  type Decision,
  type Guard,
  type GuardOptions,
  type Refusal,
} from './verify/guard'
export type { LeaseMode, VerifierOptions } from './verify/settings'
export type {
  PortalAuth,
  Verification,
  VerificationError,
  Verified,
  Verifier,
} from './verify/verification'
export { createVerifier } from './verify/verifier'

export { base64, base64Lines, base64url, base64urlPadded, hex } from './wire/bytes'
export type { DigestEncoding, Encoding } from './wire/bytes'
export { bearer, oneOf, query } from './wire/carriers'
export type { Carrier, Credential, NeedsBody, Outgoing, Reading } from './wire/carriers'
export type {
  Claims,
  ClaimsReader,
  ClaimsTable,
  PortalUser,
  RegisteredClaims,
  UserInput,
} from './wire/claims'
export {
  claimsOf,
  compact,
  compactForm,
  hashedIdentifier,
  MAC_LENGTH,
  malformed,
} from './wire/codec'
export type { Codec, CompactOptions, Envelope, SigningInput, Unsigned } from './wire/codec'
export {
  derivedFrom,
  email,
  httpUrl,
  identifier,
  millis,
  nonce,
  notProvided,
  nullable,
  optional,
  optionalNotNull,
  requiredInSession,
  seconds,
  text,
  type DidYouMean,
  type Field,
  type Maybe,
  type Mistaken,
} from './wire/fields'
export {
  attributes,
  attributesAsClaims,
  commaList,
  companies,
  flag,
  fullName,
  textFlag,
  textList,
  type Attributes,
  type Company,
  type Scalar,
} from './wire/more-fields'
export { parseObject, type JsonObject } from './wire/json'
export { compactJws, jwsWithKeyId } from './wire/jws'
export { LIMITS } from './wire/limits'
export {
  inForm,
  inHeaders,
  inReplyParameter,
  signedMessage,
  type MessageNames,
  type SignedMessage,
} from './wire/message'
export {
  besideIdentifier,
  formField,
  inTwoParameters,
  pageValue,
  type PartNames,
  type Signed,
  type SignedForm,
  type SignedIdentifier,
  type SignedRequest,
  type SignedValue,
} from './wire/page-carriers'
