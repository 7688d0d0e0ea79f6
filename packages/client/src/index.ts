export { embedPortal, type Embedded, type EmbedOptions, type EmbedTexts } from './embed-portal'
export { openPortal, type OpenOptions } from './open-portal'
export { PortalError, type PortalErrorCode } from './portal-error'
export { signIn, type SignInOptions } from './sign-in'
