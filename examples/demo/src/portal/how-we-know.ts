import { html, type Content, type Html } from '../html'
import type { Proof } from './visitor'

export interface Known {
  /** What kind of credential came, as "FeatKit signed link". */
  readonly scheme: string
  readonly who: Content
  readonly proof: Proof
}

/** The panel that says who came and why the portal believes it. */
export function howWeKnow({ scheme, who, proof }: Known): Html {
  const { keyId, issuedAt, expiresAt } = proof
  return html`<section class="panel known" aria-labelledby="known">
    <h2 id="known">How we know <span class="valid">Signature checked</span></h2>
    <dl>
      <dt>Who</dt>
      <dd>${who}</dd>
      <dt>Scheme</dt>
      <dd>${scheme}</dd>
      <dt>Key</dt>
      <dd><code>${keyId ?? 'without a name'}</code></dd>
      <dt>Issued</dt>
      <dd>${issuedAt === null ? 'not said' : time(issuedAt)}</dd>
      <dt>Expires</dt>
      <dd>${expiresAt === null ? 'never' : time(expiresAt)}</dd>
    </dl>
  </section>`
}

function time(ms: number): Html {
  const iso = new Date(ms).toISOString()
  const text = new Date(ms).toLocaleString('en-GB', {
    dateStyle: 'medium',
    timeStyle: 'medium',
    timeZone: 'UTC',
  })
  return html`<time datetime="${iso}">${text} UTC</time>`
}
