import { portalEntry } from '../portals'
import { html, type Html } from './html'
import { LANGUAGE_NAMES, type Bench } from './bench'

/** What was sent, and what came of it. */
export interface Filled {
  readonly given?: string
  readonly checked?: Html
  readonly form?: URLSearchParams
  readonly signed?: Html
}

export function page(bench: Bench, filled: Filled): Html {
  return html`<html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <title>Countersign debugger: ${bench.name}</title>
      <link rel="icon" href="data:," />
      <link rel="stylesheet" href="style.css" />
      <script src="browser.js" defer></script>
    </head>
    <body>
      <a class="skip" href="#given">Skip to the check</a>
      <header>
        <h1>Countersign <span>debugger</span></h1>
        <p>${about(bench)}</p>
        <fieldset class="languages">
          <legend>Code in</legend>
          ${Object.entries(LANGUAGE_NAMES).map(([id, name], index) => language(id, name, index === 0))}
        </fieldset>
      </header>
      <main>${checkSection(filled)} ${signSection(bench, filled)}</main>
    </body>
  </html>`
}

function checkSection({ given = '', checked }: Filled): Html {
  return html`<section aria-labelledby="check-title">
    <h2 id="check-title">Check</h2>
    <form method="post" action="check" data-live>
      <label for="given">A link, a credential, a request or a curl command</label>
      <textarea id="given" name="given" rows="4" spellcheck="false" autocomplete="off" required>
${given}</textarea>
      <button>Check</button>
    </form>
    <div class="result" id="check-result" aria-live="polite">
      ${checked ?? html`<p class="hint">Paste what was refused. The mistake is marked and named here.</p>`}
    </div>
  </section>`
}

function signSection(bench: Bench, { form, signed }: Filled): Html {
  return html`<section aria-labelledby="sign-title">
    <h2 id="sign-title">Sign</h2>
    <form method="post" action="sign">
      <div class="fields">${fields(bench, form)}</div>
      <button>Sign</button>
    </form>
    <div class="result" id="sign-result" aria-live="polite">
      ${signed ?? html`<p class="hint">Sign somebody, and see each step from the JSON to the URL.</p>`}
    </div>
  </section>`
}

function about({ name, portal }: Bench): string {
  const ids = Object.values(portal.ids).filter((id) => id !== undefined)
  return [name, ...ids, portal.baseUrl].join(' · ')
}

function language(id: string, name: string, isChosen: boolean): Html {
  const input = isChosen
    ? html`<input type="radio" name="language" value="${id}" id="in-${id}" checked />`
    : html`<input type="radio" name="language" value="${id}" id="in-${id}" />`
  return html`<label>${input}<span>${name}</span></label>`
}

/** `Subscription id` for `subscriptionId`. */
function labelOf(name: string): string {
  if (name === 'expiresIn') return 'Valid for'
  const words = name.replaceAll(/(?<=[a-z])[A-Z]+/g, (capitals) => ` ${capitals.toLowerCase()}`)
  return words.charAt(0).toUpperCase() + words.slice(1)
}

const SAMPLES: Readonly<Record<string, string>> = {
  id: '42',
  email: 'ada@example.com',
  name: 'Ada Lovelace',
}

/** The properties of a user, and the life. */
function fields({ name, portal }: Bench, form: URLSearchParams | undefined): readonly Html[] {
  const { user } = portalEntry(name)
  const isOneTime = portal.scheme.singleUse?.by === 'nonce'
  const hasLife = portal.scheme.limits.window === undefined
  const names = [...user, ...(isOneTime ? ['nonce'] : []), ...(hasLife ? ['expiresIn'] : [])]
  return names.map((each) => field(each, form ? (form.get(each) ?? '') : (SAMPLES[each] ?? '')))
}

function field(name: string, value: string): Html {
  const placeholder = name === 'expiresIn' ? '15m, 2h, 1d' : name === 'nonce' ? 'random' : ''
  return html`<div>
    <label for="${name}">${labelOf(name)}</label>
    <input
      id="${name}"
      name="${name}"
      value="${value}"
      placeholder="${placeholder}"
      autocomplete="off"
      spellcheck="false"
    />
  </div>`
}
