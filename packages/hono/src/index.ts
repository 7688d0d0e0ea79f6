export * from '@countersign/core/door'
export { exchangeSignedUser } from './exchange'
export { getPortalUser, requireSignedUser, signEndpoint } from './middleware'
export type { GuardHandler, HonoGuardOptions, PortalVariables } from './types'
