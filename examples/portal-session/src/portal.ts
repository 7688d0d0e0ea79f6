import { seggwat } from '@countersign/express'

/** The portal's side. It shares a secret with the app that signs its users. */
export const portal: ReturnType<typeof seggwat> = seggwat({
  projectKey: 'acme',
  secret: process.env['PORTAL_SECRET'],
})

/** A second secret, which signs cookies and which only the portal knows. */
export const sessionSecret: string = required('SESSION_SECRET')

/** What a session contains. */
export interface Visitor {
  readonly id: string
  /** The link that began the session: if it is opened again, the visitor simply goes on. */
  readonly link?: string | undefined
  /** Shown once, if the browser had another user's session. */
  readonly notice?: string | undefined
}

function required(name: string): string {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set`)
  return value
}
