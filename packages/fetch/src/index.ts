export * from '@countersign/core/door'
export { exchangeSignedUser } from './exchange'
export { requireSignedUser, signEndpoint } from './handlers'
export { getPortalUser } from './portal-user'
export type {
  Checked,
  FetchGuard,
  FetchGuardOptions,
  FetchHandler,
  GuardedHandler,
  SignedUser,
} from './types'
