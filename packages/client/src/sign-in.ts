import { askToSign, TIMEOUT, type Signed } from './ask-to-sign'
import { PortalError } from './portal-error'

/** How a user is signed in to a portal. */
export interface SignInOptions {
  /** How long each server may take, in milliseconds. @default 30000 */
  readonly timeout?: number | undefined
  /**
   * `form` posts a form, and the browser goes to the portal. `fetch` stays on the page; browsers keep
   * the portal's cookie only where the portal is of the same site.
   * @default 'form'
   */
  readonly by?: 'form' | 'fetch' | undefined
}

/**
 * Signs the user in to a portal that takes a signed request, such as fdback.
 * @param signUrl the application's sign endpoint
 * @throws PortalError `signed_out`, `network`
 */
export async function signIn(
  signUrl: string,
  { timeout = TIMEOUT, by = 'form' }: SignInOptions = {},
): Promise<void> {
  const signed = await askToSign(signUrl, AbortSignal.timeout(timeout))
  if (by === 'fetch') return send(signed, timeout)
  const form = document.createElement('form')
  form.method = 'post'
  form.action = signed.url
  form.target = '_top'
  form.hidden = true
  for (const [name, value] of Object.entries(fieldsOf(signed))) {
    const input = document.createElement('input')
    input.name = name
    input.value = value
    form.append(input)
  }
  document.body.append(form)
  form.submit()
  form.remove()
}

/** As fdback's own client names them: `x-workspace-id` becomes `_workspaceId`. */
function fieldsOf({ fields, headers = {}, body = '{}' }: Signed): Record<string, string> {
  if (fields) return fields
  const named = Object.entries(headers).map(([name, value]) => [
    name
      .replace(/^x/, '')
      .replace('-', '_')
      .replace(/-(.)/g, (_, letter: string) => letter.toUpperCase()),
    value,
  ])
  return { ...Object.fromEntries(named), ...JSON.parse(body) }
}

async function send({ url, fields, headers, body }: Signed, timeout: number): Promise<void> {
  try {
    const { ok, status } = await fetch(url, {
      method: 'POST',
      credentials: 'include',
      headers: { ...headers, ...(!fields && { 'content-type': 'application/json' }) },
      body: fields ? new URLSearchParams(fields) : (body ?? null),
      signal: AbortSignal.timeout(timeout),
    })
    if (!ok) throw new Error(`The portal responded with ${status}`)
  } catch (cause) {
    throw new PortalError('network', cause)
  }
}
