import { askToSign, TIMEOUT } from './ask-to-sign'
import { PortalError } from './portal-error'

/** How a portal is opened. */
export interface OpenOptions {
  /** How long the sign endpoint may take, in milliseconds. @default 30000 */
  readonly timeout?: number | undefined
  /** The title of the new tab until the portal is there. @default 'Loading…' */
  readonly loading?: string | undefined
}

/** How often a tab is asked whether it was closed, in milliseconds. */
const WATCH = 250

/**
 * Opens the portal in a new tab. Call it in the handler of a click, before any `await`: the tab opens
 * in the click, where no browser blocks it, and gets its address when that is signed.
 * @param signUrl the application's sign endpoint
 * @returns a promise that settles when the portal begins to load, and always settles
 * @throws PortalError `blocked`, `signed_out`, `network`, `closed`; then no tab stays open
 */
export async function openPortal(
  signUrl: string,
  { timeout = TIMEOUT, loading = 'Loading…' }: OpenOptions = {},
): Promise<void> {
  const tab = window.open('', '_blank')
  if (!tab) throw new PortalError('blocked')
  tab.opener = null // the portal gets no hold of this page
  tab.document.title = loading
  const abort = new AbortController()
  const stop = (): void => abort.abort()
  const timer = setTimeout(stop, timeout)
  const watch = setInterval(() => tab.closed && stop(), WATCH)
  try {
    const { url } = await askToSign(signUrl, abort.signal)
    if (tab.closed) throw new PortalError('closed')
    tab.location.replace(url)
  } catch (error) {
    const isClosed = tab.closed
    tab.close()
    throw isClosed ? new PortalError('closed') : error
  } finally {
    clearTimeout(timer)
    clearInterval(watch)
  }
}
