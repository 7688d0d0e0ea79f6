import { explain, programsFor, type Part } from '@countersign/explain'
import { linkOf, signFor, type Signed } from '../commands/sign'
import { userFrom } from '../commands/options'
import { portalEntry } from '../portals'
import { failure } from './check-pane'
import { code } from './code'
import { html, type Content, type Html } from './html'
import { legend, marked } from './marked'
import type { Bench } from './bench'
import { Failure } from '../failure'

/** Each step from the JSON to the URL. */
export async function signPane(form: URLSearchParams, bench: Bench): Promise<Html> {
  const { portal, secret } = bench
  const now = bench.now()
  try {
    const options = { nonce: valueOf(form, 'nonce'), expiresIn: valueOf(form, 'expiresIn') }
    const given = Object.entries(options).filter(([, value]) => value !== undefined)
    const signed = await signFor(
      portal,
      userFrom(portalEntry(bench.name).user, (name) => valueOf(form, name)),
      Object.fromEntries(given),
      now,
    )
    const shown = signed.headers ? JSON.stringify(replyOf(signed), null, 2) : linkOf(signed)
    const { decoded } = await explain(shown, { portal, secret, now })
    return steps({ signed, shown, parts: decoded.parts, bench })
  } catch (error) {
    if (!(error instanceof Failure)) return failure(error)
    return html`<p class="verdict refused"><strong>Not signed</strong> ${error.message}</p>`
  }
}

function valueOf(form: URLSearchParams, name: string): string | undefined {
  return form.get(name)?.trim() || undefined
}

function replyOf({ url, headers, body, expiresAt }: Signed): object {
  return { url, headers, body, expiresAt }
}

interface Steps {
  readonly signed: Signed
  readonly shown: string
  readonly parts: readonly Part[]
  readonly bench: Bench
}

function steps({ signed, shown, parts, bench }: Steps): Html {
  const { codec } = bench.portal.scheme
  const find = (...names: readonly Part['name'][]) => parts.find(({ name }) => names.includes(name))
  const payload = find('payload', 'body')
  const header = find('header')
  const signature = find('signature')
  const time = find('timestamp')
  const input = {
    'payload text': coloured(payload),
    'payload bytes': html`<span class="part payload">${payload?.content}</span>`,
    'header and payload text': html`${coloured(header)}.${coloured(payload)}`,
    'timestamp and body': html`${coloured(time)}.${coloured(payload)}`,
  }[codec.signs]
  return html`
    <p class="verdict accepted">
      <strong>✔ Signed</strong> valid until
      ${signed.expiresAt === null ? 'the secret changes' : new Date(signed.expiresAt).toISOString()}
    </p>
    <ol class="steps">
      ${step('JSON', html`<span class="part ${payload?.name}">${payload?.content}</span>`)}
      ${codec.payload && step(`Text, in ${codec.payload.name}`, coloured(payload))}
      ${step('What the MAC covers', input)}
      ${step(`HMAC-SHA256, in ${codec.signature.name}`, coloured(signature))}
      <li>
        <h3>
          ${signed.headers ? 'The request, as the sign endpoint replies' : signed.fields ? 'The form' : signed.url ? 'URL' : 'The value for the page'}
        </h3>
        ${legend(parts)} ${marked(shown, parts, [])}
      </li>
    </ol>
    ${signed.url && !signed.fields && html`<p><a href="${linkOf(signed)}" rel="noreferrer" target="_blank">Open it</a></p>`}
    <h3>The whole program</h3>
    ${code(programsFor(bench.portal))}
  `
}

function coloured(part: Part | undefined): Html {
  return html`<span class="part ${part?.name}">${part?.text}</span>`
}

function step(title: string, content: Content): Html {
  return html`<li>
    <h3>${title}</h3>
    <pre class="wrap" tabindex="0" data-copy><code>${content}</code></pre>
  </li>`
}
