import { seggwat } from '@countersign/express'

/** The portal's half: it shares a secret with the app that signs its users. */
export const portal: ReturnType<typeof seggwat> = seggwat({
  projectKey: 'acme',
  secret: process.env['PORTAL_SECRET'],
})

/** Signs cookies; a second secret that only the portal knows. */
export const sessionSecret: string = required('SESSION_SECRET')

/** What a session contains. */
export interface Visitor {
  readonly id: string
  /** Which link it was made of: the exchange goes on when that is opened again. */
  readonly link?: string | undefined
  /** To be shown once, where the browser had another user's session. */
  readonly notice?: string | undefined
}

function required(name: string): string {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set`)
  return value
}
