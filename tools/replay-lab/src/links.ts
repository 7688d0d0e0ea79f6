import { createHmac, randomUUID } from 'node:crypto'
import { createVerifier } from '@countersign/core'
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

/** A new portal: what one of them knows, another does not. */
export const newPortal = (): ReturnType<typeof harlyy> =>
  harlyy({ secret: SECRET, businessId: 'acme', surveyId: 'lab' })

const signer = createSigner(newPortal())

/** Signs a link as an application does. @param expiresIn seconds */
export async function signLink(expiresIn = 3_600, nonce: string = randomUUID()): Promise<Link> {
  const { url } = await signer.sign({}, { nonce, expiresIn })
  return { nonce, target: url.slice(new URL(url).origin.length) }
}

export function signLinks(count: number, expiresIn?: number): Promise<readonly Link[]> {
  return Promise.all(Array.from({ length: count }, () => signLink(expiresIn)))
}

/** Signs what the signer would refuse to: any text, taken for a payload. */
export function forgeLink(payload: string, nonce: string): Link {
  const text = Buffer.from(payload, 'utf8').toString('base64')
  const signature = createHmac('sha256', SECRET).update(text).digest('base64')
  return { nonce, target: `${PATH}?sig=${encodeURIComponent(`${text}.${signature}`)}` }
}

/** The key under which a store remembers a link, as a verifier asks for it. */
export async function replayKeyOf({ target }: Link): Promise<string> {
  let asked = ''
  const replayStore = {
    durable: false,
    claim: (key: string) => {
      asked = key
      return true
    },
    has: () => false,
  }
  await createVerifier(newPortal(), { replayStore }).verify({
    method: 'POST',
    target,
    headers: () => [],
    body: () => new Uint8Array(),
    native: undefined,
  })
  return asked
}
