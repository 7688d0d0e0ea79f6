import { documentOf } from '../document'
import { FORMATS, type Format } from '../formats'
import { html, type Content, type Html } from '../html'
import { breaksFor } from '../lab/breaks'
import { codeView } from '../lab/code'
import type { Shared } from '../portals'
import type { SampleUser } from './users'

export interface LabPage extends Shared {
  readonly format: Format
  readonly user: SampleUser | null
  readonly users: readonly SampleUser[]
}

/** The laboratory: the app, what travels, and the portal's checks, side by side. */
export function labPage(lab: LabPage): Html {
  const { format } = lab
  return page(
    `${format.product} ${format.name} · Countersign demo`,
    html`<div class="stack hero">
        <h1>Your users reach your feedback portal already signed in.</h1>
        <p class="soft">
          Your app’s backend signs who its user is, and the portal verifies it. Choose a portal,
          then break the credential and see which check refuses it.
        </p>
      </div>
      <nav class="row tabs" aria-label="Portals">${FORMATS.map((each) => tab(each, format))}</nav>
      <noscript
        ><p class="notice">
          The laboratory needs JavaScript: a script asks the backend to sign.
        </p></noscript
      >
      <div
        class="lab"
        data-format="${format.id}"
        data-flow="${format.flow}"
        data-theme="${format.theme}"
        data-user="${lab.user?.id}"
      >
        ${appColumn(lab)} ${wireColumn(lab)} ${portalColumn(lab)}
      </div>
      <div class="stage" data-theme="${format.theme}" tabindex="-1"></div>
      <div class="below">${codeView(format)} ${timeline}</div>`,
  )
}

export function notFoundPage(): Html {
  return page(
    'Page not found',
    html`<div class="stack hero">
      <h1>Page not found</h1>
      <p class="soft">There is no page at this address. <a href="/">Go to the laboratory</a></p>
    </div>`,
  )
}

function page(title: string, main: Content): Html {
  const body = html`<header class="row top page">
      <a class="brand" href="/">Countersign <small>demo</small></a>
      <nav class="row links" aria-label="Documentation">
        <a href="/docs/getting-started.md">Getting started</a>
        <a href="/docs/errors.md">Error codes</a>
        <a href="/docs/README.md">All documents</a>
      </nav>
    </header>
    <main id="main" class="page">${main}</main>
    <footer class="foot page">
      <p>
        Lantern is an invented app, and the portals are imitations. The signatures and the checks
        are real: this page runs Countersign.
      </p>
    </footer>`
  const styles = ['base', 'lab', 'checks', 'wire']
  return documentOf({ title, icon: 'lantern', styles, script: 'lab', theme: 'lantern', body })
}

function tab({ id, theme, product, name }: Format, { id: current }: Format): Html {
  return html`<a
    class="pill"
    href="/${id}"
    data-theme="${theme}"
    ${id === current && html`aria-current="page"`}
    ><strong>${product}</strong> <span>${name}</span></a
  >`
}

function appColumn({ format, user, users, appOrigin }: LabPage): Html {
  const choices = [...users, { id: '', name: 'Signed out' }]
  return html`<section class="stack column card" aria-labelledby="app">
    <h2 id="app" class="row">
      <img src="/assets/lantern.svg" alt="" width="24" height="24" />Your app
      <small>${new URL(appOrigin).host}</small>
    </h2>
    <form class="stack tight who" method="post" action="/session" aria-label="Signed-in user">
      <input type="hidden" name="format" value="${format.id}" />
      ${choices.map(
        ({ id, name }) =>
          html`<button
            class="option"
            name="user"
            value="${id}"
            aria-pressed="${String(id === (user?.id ?? ''))}"
          >
            ${id && html`<img src="/assets/avatars/${id}.svg" alt="" width="24" height="24" />`}<span
              class="clipped"
              >${name}</span
            >
          </button>`,
      )}
    </form>
    <button class="button" id="sign" type="button">Sign for ${format.product}</button>
    <p class="small call" role="status"></p>
  </section>`
}

function wireColumn({ format, portals, replayStore }: LabPage): Html {
  return html`<section class="stack column wire card" aria-labelledby="wire">
    <h2 id="wire" class="row">What travels <small id="edit">Edit any letter</small></h2>
    <div
      id="credential"
      role="textbox"
      aria-multiline="true"
      aria-labelledby="wire"
      aria-describedby="edit"
      spellcheck="false"
      contenteditable="plaintext-only"
    ></div>
    <div class="row breaks" role="group" aria-label="Break it">
      <button class="pill" type="button" data-break="" aria-pressed="false">As signed</button>
      ${breaksFor(portals[format.id], replayStore).map(
        ([name, label]) =>
          html`<button class="pill" type="button" data-break="${name}" aria-pressed="false">
            ${label}
          </button>`,
      )}
    </div>
    <div class="stack" id="decoded"></div>
  </section>`
}

function portalColumn({ format, portalOrigin }: LabPage): Html {
  return html`<section class="stack column card" aria-labelledby="portal">
    <h2 id="portal" class="row">
      <img src="/assets/portal.svg" alt="" width="24" height="24" />The portal
      <small>${new URL(portalOrigin).host}</small>
    </h2>
    <div id="checks"></div>
    <div class="stack" id="answer" aria-live="polite"></div>
    <button class="button" id="send" type="button">${format.send}</button>
    <details id="explain">
      <summary>Explain</summary>
      <div class="stack" id="causes"></div>
    </details>
  </section>`
}

const timeline = html`<section class="stack" aria-labelledby="timeline">
  <h2 id="timeline">Requests</h2>
  <ol class="stack tight" id="requests"></ol>
  <p class="small">Sign, then open the board: each request of both sites appears here.</p>
</section>`
