import { html, type Content, type Html } from '../html'
import type { Theme } from './places'

export interface Layout {
  readonly title: string
  readonly theme: Theme | null
  /** The product that this page stands in for. */
  readonly product?: string | undefined
  /** Inside another site's page there is no room for a frame of our own. */
  readonly embedded?: boolean
  /** Beside the name at the top. */
  readonly corner?: Content
  /** Said aloud by a screen reader when it changes. */
  readonly notice?: string | undefined
  readonly main: Content
}

/** What the pages of the portal site have in common. */
export function page({ title, theme, embedded = false, main, ...rest }: Layout): Html {
  const { product, corner, notice } = rest
  return html`<html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <title>${title}</title>
      <link rel="icon" href="/assets/lantern.svg" type="image/svg+xml" />
      <link rel="stylesheet" href="/assets/base.css" />
      <link rel="stylesheet" href="/assets/parts.css" />
      <link rel="stylesheet" href="/assets/portal.css" />
      <link rel="stylesheet" href="/assets/board.css" />
      <script type="module" src="/assets/portal.js"></script>
    </head>
    <body data-theme="${theme ?? 'portal'}" ${embedded && html`data-embedded`}>
      <a class="skip" href="#main">Skip to content</a>
      <header class="top page">
        <p class="brand">
          <span class="mark" aria-hidden="true"></span>
          <span>Lantern ideas${product && html` <small>on ${product}</small>`}</span>
        </p>
        ${corner}
      </header>
      <p class="notice page" role="status">${notice}</p>
      <main id="main" class="page">${main}</main>
      ${!embedded && footer(product)}
    </body>
  </html>`
}

function footer(product: string | undefined): Html {
  return html`<footer class="foot page">
    <p>
      ${product ? `A stand-in for ${product}, to try out signed users.` : 'To try out signed users.'}
      <a href="/">All boards</a>
    </p>
  </footer>`
}
