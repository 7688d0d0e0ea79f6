import type { Cause, Decoded, Explanation } from '@countersign/explain'
import { explainedFor } from '../commands/explain'
import type { Opened } from '../portals'
import { html, type Html } from './html'
import { code, marked } from './parts'

/** The verdict, the mistakes, and what could be read. */
export async function checkPane(form: URLSearchParams, opened: Opened): Promise<Html> {
  const given = form.get('given') ?? ''
  if (given.trim() === '') return html`<p class="hint">There is nothing to check yet.</p>`
  return result(await explainedFor(opened, given))
}

function result({ verdict, code: refusal, causes, decoded }: Explanation): Html {
  const ranges = causes.map(({ range }) => range)
  return html`
    <p class="verdict ${verdict}">
      <strong>${verdict === 'accepted' ? '✔ Accepted' : '✖ Refused'}</strong>
      ${refusal ? html`<code>${refusal}</code>` : 'Nothing is wrong with it.'}
    </p>
    ${
      causes.length > 0 &&
      html`<ol class="causes">
        ${causes.map(causeItem)}
      </ol>`
    }
    <h3>What you pasted</h3>
    ${marked(decoded.text, decoded.parts, ranges)} ${decodedPart(decoded)}
  `
}

function causeItem({ sentence, change, lines, id }: Cause): Html {
  return html`<li>
    <h3>${sentence}</h3>
    <p>${change}</p>
    ${code(lines)}
    <p class="id"><code>${id}</code></p>
  </li>`
}

function decodedPart({ claims, issuedAt, expiresAt, place }: Decoded): Html | null {
  const facts = { 'Read from': place, Issued: issuedAt, Expires: expiresAt }
  const known = Object.entries(facts).filter(([, value]) => value !== null)
  return (
    claims &&
    html`
      <h3>What it says</h3>
      <pre tabindex="0"><code>${JSON.stringify(claims, null, 2)}</code></pre>
      <dl>
        ${known.map(
          ([name, value]) =>
            html`<div>
              <dt>${name}</dt>
              <dd>${value}</dd>
            </div>`,
        )}
      </dl>
    `
  )
}
