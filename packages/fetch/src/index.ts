export * from '@countersign/core/door'
export { getPortalUser, requireSignedUser, signEndpoint } from './handlers'
export type { Checked, FetchGuard, FetchHandler, GuardedHandler, SignedUser } from './types'
export { assertNoStrips, FetchView, toResponse } from './view'
