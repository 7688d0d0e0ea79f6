// The build for a script tag, `dist/countersign.js`: `countersign.openPortal('/api/portal/sign')`.
import { embedPortal, openPortal, PortalError, signIn } from './index'

export * from './index' // makes this a module: else esbuild wraps every file
Object.assign(globalThis, { countersign: { embedPortal, openPortal, PortalError, signIn } })
