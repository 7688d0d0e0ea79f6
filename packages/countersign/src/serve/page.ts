import { optionName } from '../command'
import { namesOf, type Opened } from '../portals'
import { html, type Html } from './html'
import { LANGUAGES } from './parts'

export function page(opened: Opened): Html {
  const { name, portal } = opened
  const ids = Object.values(portal.ids).filter((id) => id !== undefined)
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>Countersign debugger: ${name}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="style.css" />
        <script src="browser.js" defer></script>
      </head>
      <body>
        <a class="skip" href="#given">Skip to the check</a>
        <header>
          <h1>Countersign <span>debugger</span></h1>
          <p>${[name, ...ids, portal.baseUrl].join(' · ')}</p>
          <fieldset class="languages">
            <legend>Code in</legend>
            ${Object.entries(LANGUAGES).map(language)}
          </fieldset>
        </header>
        <main>${CHECK} ${signSection(opened)}</main>
      </body>
    </html>`
}

function language([id, name]: readonly [string, string], index: number): Html {
  const checked = index === 0 && html`checked`
  return html`<label>
    <input type="radio" name="language" value="${id}" id="in-${id}" ${checked} /><span
      >${name}</span
    >
  </label>`
}

const CHECK = html`<section aria-labelledby="check-title">
  <h2 id="check-title">Check</h2>
  <form method="post" action="check" autocomplete="off" spellcheck="false" data-live>
    <label for="given">A link, a credential, a request or a curl command</label>
    <textarea id="given" name="given" rows="4" required></textarea>
    <button>Check</button>
  </form>
  <div class="result" id="check-result" aria-live="polite">
    <p class="hint">Paste what was refused. The mistake is marked and named here.</p>
  </div>
</section>`

/** The properties of a user, and the life. */
function signSection({ name }: Opened): Html {
  const { user, more } = namesOf(name)
  return html`<section aria-labelledby="sign-title">
    <h2 id="sign-title">Sign</h2>
    <form method="post" action="sign" autocomplete="off" spellcheck="false">
      <div class="fields">${[...user, ...more].map(field)}</div>
      <button>Sign</button>
    </form>
    <div class="result" id="sign-result" aria-live="polite">
      <p class="hint">Sign a user, and see each step from the JSON to the URL.</p>
    </div>
  </section>`
}

const SAMPLES: Readonly<Record<string, string>> = {
  id: '42',
  email: 'ada@example.com',
  name: 'Ada Lovelace',
}
const HINTS: Readonly<Record<string, string>> = { expiresIn: '15m, 2h, 1d', nonce: 'random' }

function field(name: string): Html {
  const words = optionName(name).slice(2).replaceAll('-', ' ')
  const label = name === 'expiresIn' ? 'Valid for' : words.charAt(0).toUpperCase() + words.slice(1)
  return html`<div>
    <label for="${name}">${label}</label>
    <input id="${name}" name="${name}" value="${SAMPLES[name]}" placeholder="${HINTS[name]}" />
  </div>`
}
