import { PortalError } from './portal-error'

/** What a sign endpoint responds with. */
export interface Signed {
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly fields?: Readonly<Record<string, string>>
  readonly expiresAt: number | null
}

/** How long a sign endpoint may take, in milliseconds. */
export const TIMEOUT = 30_000

/** @throws PortalError `signed_out`, `network` */
export async function askToSign(signUrl: string, signal: AbortSignal): Promise<Signed> {
  const headers = { accept: 'application/json' }
  const request = { method: 'POST', credentials: 'include', headers, signal } as const
  try {
    const response = await fetch(signUrl, request)
    if (response.status === 401) throw new PortalError('signed_out')
    const signed = (await response.json()) as Signed // of our own server
    if (response.ok && /^https?:$/.test(new URL(signed.url).protocol)) return signed
    throw new Error(`The sign endpoint responded with ${response.status}`)
  } catch (cause) {
    throw cause instanceof PortalError ? cause : new PortalError('network', cause)
  }
}
