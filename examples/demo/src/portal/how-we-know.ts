import { html, type Content, type Html } from '../html'
import { time } from '../time'
import type { Proof } from './visitor'

export interface Known {
  /** The kind of credential, as "FeatKit signed link". */
  readonly scheme: string
  readonly who: Content
  readonly proof: Proof
}

/** The panel that says who the visitor is and why the portal believes it. */
export function howWeKnow({ scheme, who, proof }: Known): Html {
  const { keyId, issuedAt, expiresAt } = proof
  return html`<section class="panel known" aria-labelledby="known">
    <h2 id="known" class="row">How we know <span class="valid">Signature checked</span></h2>
    <dl>
      <dt>Who</dt>
      <dd>${who}</dd>
      <dt>Scheme</dt>
      <dd>${scheme}</dd>
      <dt>Key</dt>
      <dd><code>${keyId ?? 'without a name'}</code></dd>
      <dt>Issued</dt>
      <dd>${issuedAt === null ? 'not given' : time(issuedAt)}</dd>
      <dt>Expires</dt>
      <dd>${expiresAt === null ? 'never' : time(expiresAt)}</dd>
    </dl>
  </section>`
}
