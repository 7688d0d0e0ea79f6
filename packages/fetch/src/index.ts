export * from '@countersign/core/door'
export { exchangeSignedUser } from './exchange'
export { getPortalUser, requireSignedUser, signEndpoint } from './handlers'
export type {
  Checked,
  FetchGuard,
  FetchGuardOptions,
  FetchHandler,
  GuardedHandler,
  SignedUser,
} from './types'
