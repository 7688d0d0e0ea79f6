import { createHmac, randomUUID } from 'node:crypto'
import { createSigner, harlyy } from '@countersign/express'

/** A one-time link, as much of it as a portal's own server sees. */
export interface Link {
  readonly nonce: string
  /** Path and query. */
  readonly target: string
}

const SECRET = 'the secret of the replay lab, long enough for its links'

/** Where the links lead, below the portal's origin. */
export const PATH = '/acme/lab'

export const newPortal = (): ReturnType<typeof harlyy> =>
  harlyy({ secret: SECRET, businessId: 'acme', surveyId: 'lab' })

const signer = createSigner(newPortal())

/** Signs links as an application does. @param expiresIn seconds */
export function signLinks(count: number, expiresIn = 3_600): Promise<readonly Link[]> {
  return Promise.all(
    Array.from({ length: count }, async () => {
      const nonce = randomUUID()
      const { url } = await signer.sign({}, { nonce, expiresIn })
      return { nonce, target: url.slice(new URL(url).origin.length) }
    }),
  )
}

/** Signs what the signer would refuse. @param exp milliseconds since the epoch; `null` for never */
export function forgeLink(exp: number | null): Link {
  const nonce = randomUUID()
  const payload = Buffer.from(JSON.stringify({ nonce, ...(exp !== null && { exp }) }))
  const text = payload.toString('base64')
  const signature = createHmac('sha256', SECRET).update(text).digest('base64')
  return { nonce, target: `${PATH}?sig=${encodeURIComponent(`${text}.${signature}`)}` }
}
