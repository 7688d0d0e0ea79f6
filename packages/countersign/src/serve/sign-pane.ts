import { explain, programsFor, type Part } from '@countersign/explain'
import { endOf, linkOf, sign, type Signed } from '../commands/sign'
import type { Opened } from '../portals'
import { html, type Content, type Html } from './html'
import { code, coloured, marked } from './parts'

/** Each step from the JSON to the URL. */
export async function signPane(form: URLSearchParams, opened: Opened): Promise<Html> {
  const { portal, secret, now } = opened
  const signed = await sign(opened, (name) => form.get(name)?.trim() || undefined)
  const { url, headers, body, expiresAt } = signed
  const reply = JSON.stringify({ url, headers, body, expiresAt }, null, 2)
  const shown = headers ? reply : linkOf(signed)
  const { decoded } = await explain(shown, { portal, secret, now })
  return steps(signed, shown, decoded.parts, opened)
}

function steps(signed: Signed, shown: string, parts: readonly Part[], { portal }: Opened): Html {
  const { codec } = portal.scheme
  const find = (...names: readonly string[]) => parts.find(({ name }) => names.includes(name))
  const sent = (name: string): Html => coloured(name, find(name)?.text)
  const payload = find('payload', 'body')
  const [text, json] = [
    coloured(payload?.name, payload?.text),
    coloured(payload?.name, payload?.content),
  ]
  const input = {
    'payload text': text,
    'payload bytes': json,
    'header and payload text': html`${sent('header')}.${text}`,
    'timestamp and body': html`${sent('timestamp')}.${text}`,
  }[codec.signs]
  const { url, headers, fields, expiresAt } = signed
  const request = 'The request, as the sign endpoint replies'
  const last = headers ? request : fields ? 'The form' : url ? 'URL' : 'The value for the page'
  const isLink = url !== undefined && !fields
  return html`
    <p class="verdict accepted"><strong>✔ Signed</strong> valid until ${endOf(expiresAt)}</p>
    <ol class="steps">
      ${step('JSON', json)} ${codec.payload && step(`Text, in ${codec.payload.name}`, text)}
      ${step('What the MAC covers', input)}
      ${step(`HMAC-SHA256, in ${codec.signature.name}`, sent('signature'))}
      <li>
        <h3>${last}</h3>
        ${marked(shown, parts, [])}
      </li>
    </ol>
    ${isLink && html`<p><a href="${linkOf(signed)}" rel="noreferrer" target="_blank">Open it</a></p>`}
    <h3>The whole program</h3>
    ${code(programsFor(portal))}
  `
}

function step(title: string, content: Content): Html {
  return html`<li>
    <h3>${title}</h3>
    <pre class="wrap" tabindex="0"><code>${content}</code></pre>
  </li>`
}
