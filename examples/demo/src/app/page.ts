import { html, type Html } from '../html'
import { doors } from './doors'
import type { SampleUser } from './users'

export interface HomePage {
  readonly user: SampleUser | null
  readonly users: readonly SampleUser[]
  readonly portalOrigin: string
}

/** The app's one page: who you are, and five ways to a portal. */
export function homePage({ user, users, portalOrigin }: HomePage): Html {
  return html`<html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <title>Lantern</title>
      <link rel="icon" href="/assets/lantern.svg" type="image/svg+xml" />
      <link rel="stylesheet" href="/assets/base.css" />
      <link rel="stylesheet" href="/assets/parts.css" />
      <link rel="stylesheet" href="/assets/app.css" />
      <link rel="stylesheet" href="/assets/signed.css" />
      <script type="module" src="/assets/app.js"></script>
    </head>
    <body data-theme="lantern">
      <a class="skip" href="#main">Skip to content</a>
      ${top(user, users)}
      <main id="main" class="page">
        <div class="welcome">
          <div class="hero">${hero(user)} ${user && treatment}</div>
          ${user && signed}
        </div>
        ${doors({ user, portalOrigin })} ${user && scriptNeeded}
        <div class="stage"></div>
      </main>
      <footer class="foot page">
        <p>
          Lantern does not exist, and the portals are stand-ins on
          <a href="${portalOrigin}">${new URL(portalOrigin).host}</a>. The signatures are real.
        </p>
      </footer>
    </body>
  </html>`
}

function top(user: SampleUser | null, users: readonly SampleUser[]): Html {
  const choices = [...users.map(({ id, name }) => ({ id, name })), { id: '', name: 'Signed out' }]
  return html`<header class="top page">
    <a class="brand" href="/"
      ><img src="/assets/lantern.svg" alt="" width="32" height="32" />Lantern</a
    >
    <form class="who" method="post" action="/session" aria-label="Who is signed in">
      ${choices.map(
        ({ id, name }) =>
          html`<button name="user" value="${id}" aria-pressed="${String(id === (user?.id ?? ''))}">
            ${id && html`<img src="/assets/avatars/${id}.svg" alt="" width="24" height="24" />`}<span
              >${name}</span
            >
          </button>`,
      )}
    </form>
  </header>`
}

function hero(user: SampleUser | null): Html {
  return user
    ? html`<h1>Good to see you, <bdi>${user.name}</bdi>.</h1>
        <p>
          You are signed in to Lantern and nowhere else. Open any portal below: it will know who you
          are, for Lantern’s backend has signed it.
        </p>`
    : html`<h1>Nobody is signed in.</h1>
        <p>
          Then there is nobody to vouch for, and the sign endpoint answers 401. You may still read
          the boards, as any visitor may. To vote, choose at the top who to be.
        </p>`
}

const treatment = html`<fieldset class="treatment">
  <legend>What reaches the portal?</legend>
  <label><input type="radio" name="treatment" value="fresh" checked /><span>As signed</span></label>
  <label
    ><input type="radio" name="treatment" value="tampered" /><span>One letter changed</span></label
  >
  <label
    ><input type="radio" name="treatment" value="old" /><span>Signed eight days ago</span></label
  >
</fieldset>`

const scriptNeeded = html`<noscript>
  <p class="notice">These buttons need JavaScript: a script asks the backend to sign.</p>
</noscript>`

/** Filled by the script, once something was signed. */
const signed = html`<section class="signed" aria-labelledby="signed">
  <h2 id="signed">What was signed</h2>
  <div class="receipt" aria-live="polite">
    <p class="empty">Nothing yet. Open a portal, and you see here what the backend vouched for.</p>
  </div>
</section>`
