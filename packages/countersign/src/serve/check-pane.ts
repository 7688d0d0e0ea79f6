import { explain, type Cause, type Explanation } from '@countersign/explain'
import { ConfigError, isRejection } from '@countersign/core'
import { guardOf, otherPortals } from '../portals'
import { code } from './code'
import { html, type Html } from './html'
import { legend, marked } from './marked'
import type { Bench } from './bench'

/** The verdict, the mistakes, and what could be read. */
export async function checkPane(given: string, bench: Bench): Promise<Html> {
  if (given.trim() === '') return html`<p class="hint">There is nothing to check yet.</p>`
  const { portal, secret, name, ids } = bench
  try {
    const others = otherPortals(name, secret, ids)
    return result(
      await explain(given, {
        ...guardOf(portal),
        portal,
        secret,
        portals: others,
        now: bench.now(),
      }),
    )
  } catch (error) {
    return failure(error)
  }
}

/** A mistake of the one who started the debugger. */
export function failure(error: unknown): Html {
  if (!(error instanceof ConfigError) && !isRejection(error)) throw error
  const detail = isRejection(error) ? error.detail : error.message
  return html`<p class="verdict refused"><strong>Failed</strong> ${detail}</p>`
}

function result({ verdict, code: refusal, causes, decoded }: Explanation): Html {
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
    ${legend(decoded.parts)}
    ${marked(
      decoded.text,
      decoded.parts,
      causes.map(({ range }) => range),
    )}
    ${decodedPart({ decoded })}
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

function decodedPart({ decoded }: Pick<Explanation, 'decoded'>): Html | false {
  const { claims, issuedAt, expiresAt, place } = decoded
  if (!claims) return false
  const facts = [
    ['Read from', place],
    ['Issued', issuedAt],
    ['Expires', expiresAt],
  ].filter(([, value]) => value !== null)
  return html`
    <h3>What it says</h3>
    <pre tabindex="0"><code>${JSON.stringify(claims, null, 2)}</code></pre>
    <dl>
      ${facts.map(
        ([name, value]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>
  `
}
