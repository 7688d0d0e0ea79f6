import { REJECTIONS } from '@countersign/core'
import type { Cause, Decoded } from '@countersign/explain'
import type { Format } from '../formats'
import { html, type Html } from '../html'
import type { LoggedRequest } from '../request-log'
import { time, timeText } from '../time'
import type { Check, Inspection, Result } from './checks'

/** What the page takes over, part by part. `data-parts` tells it what to colour. */
export function inspectionView(
  { checks, result, explanation, signingInput }: Inspection,
  format: Format,
): Html {
  const { decoded, causes } = explanation
  const parts = decoded.parts.map(({ name, range }) => [name, ...range])
  return html`<body data-parts="${JSON.stringify(parts)}">
    <div id="decoded">
      ${decodedView(decoded)}
      <p class="small formula"><span class="signature">signature</span> = ${format.formula}</p>
      ${
        signingInput !== null &&
        html`<p class="small">This is signed:</p>
          <pre class="input" tabindex="0">${signingInput}</pre>`
      }
    </div>
    <div id="checks">${checksView(checks)}</div>
    <div id="answer">${answerView(result)}</div>
    <div id="causes">
      ${result.ok ? html`<p>Nothing is wrong with it.</p>` : causes.map(causeView)}
    </div>
  </body>`
}

const MARKS = { passed: '✓', failed: '✕', 'not reached': '–' } as const

function checksView(checks: readonly Check[]): Html {
  return html`<ol class="stack tight checks">
    ${checks.map(
      ({ name, state, note }) =>
        html`<li data-state="${state}">
          <span class="state" aria-hidden="true">${MARKS[state]}</span>
          <span>${name}<span class="hidden">: ${state}</span></span>
          <small
            >${note || (state === 'not reached' && html`<span aria-hidden="true">${state}</span>`)}</small
          >
        </li>`,
    )}
  </ol>`
}

function answerView(result: Result): Html {
  if (result.ok) {
    const { id, name } = result.value.user
    const who = id !== null && `: ${name ?? id}`
    return html`<p class="answer good"><strong>Accepted${who}</strong></p>`
  }
  const { code, status, message, detail } = result.error
  const { publicCode } = REJECTIONS[code]
  return html`<p class="answer bad"><strong>${status} ${publicCode}</strong> ${message}</p>
    <dl class="codes">
      <dt>The answer says</dt>
      <dd><code>${publicCode}</code></dd>
      <dt>Your log says</dt>
      <dd><code>${code}</code> <small>${detail}</small></dd>
    </dl>
    <p class="small">${why(publicCode === code)}</p>`
}

function why(isSame: boolean): Html {
  const link = html`<a href="/docs/errors.md">All error codes</a>`
  return isSame
    ? html`Both are the same: the visitor may know this. ${link}`
    : html`The answer is less exact on purpose: someone who guesses signatures or tries out
      malformed tokens learns nothing from it. ${link}`
}

function decodedView({ parts, claims, issuedAt, expiresAt }: Decoded): Html {
  const contentOf = (wanted: string): string | null =>
    parts.find(({ name }) => name === wanted)?.content ?? null
  const payload = claims
    ? JSON.stringify(claims, null, 2)
    : (contentOf('payload') ?? contentOf('body'))
  const header = contentOf('header')
  return html`${header !== null && html`<pre class="header" tabindex="0">${header}</pre>`}
    ${
      payload === null
        ? html`<p class="small">There is no payload that can be decoded.</p>`
        : html`<pre class="payload" tabindex="0">${payload}</pre>`
    }
    <p class="small">
      ${issuedAt && html`Issued ${time(Date.parse(issuedAt))}. `}${
        expiresAt && html`Expires ${time(Date.parse(expiresAt))}.`
      }
    </p>`
}

function causeView({ sentence, change, lines }: Cause): Html {
  const [first, ...others] = Object.entries(lines).filter(([, line]) => line !== '')
  return html`<p>${sentence} <strong>${change}</strong></p>
    ${first && lineView(first)}
    ${
      others.length > 0 &&
      html`<details>
        <summary>Other languages</summary>
        ${others.map(lineView)}
      </details>`
    }`
}

function lineView([language, line]: readonly [language: string, line: string]): Html {
  return html`<h3>${LANGUAGES[language] ?? language}</h3>
    <pre tabindex="0">${line}</pre>`
}

const LANGUAGES: Readonly<Record<string, string>> = {
  javascript: 'JavaScript',
  python: 'Python',
  php: 'PHP',
  ruby: 'Ruby',
}

/** A line of the timeline. */
export function requestView({ at, site, method, url, status, to, refused }: LoggedRequest): Html {
  return html`<li data-site="${site}" title="${timeText(at)}">
    <span class="site">${site}</span> <code>${method} ${url}</code> <strong>${status}</strong>
    ${to && html`<small>→ ${to}</small>`}
    ${refused && html`<small class="refused">${refused.code} · log: ${refused.log}</small>`}
  </li>`
}
