export * from '@countersign/core/door'
export { getPortalUser, requireSignedUser, signEndpoint } from './middleware'
export type { PortalVariables } from './middleware'
