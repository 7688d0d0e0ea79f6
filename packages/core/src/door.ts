// What every adapter exports: all that the developers of an app or a portal need.
export * from './schemes'
export {
  ConfigError,
  createSigner,
  isRejection,
  memoryReplayStore,
  redactUrl,
  Rejection,
} from './index'
export type {
  CurrentSession,
  ExchangeContext,
  ExchangeOptions,
  GuardOptions,
  InputOf,
  Portal,
  PortalAuth,
  PortalUser,
  RejectionCode,
  ReplayStore,
  SecretLookup,
  SecretRequest,
  Signed,
  Signer,
  SignEndpointOptions,
  UserOf,
  VerificationError,
  Verified,
} from './index'
