import type { Request } from 'express'
import { documentOf } from '../document'
import type { Theme } from '../formats'
import { html, type Content, type Html } from '../html'

export interface Layout {
  readonly title: string
  readonly theme: Theme | null
  /** The product that this page imitates. */
  readonly product?: string | undefined
  /** Inside another site's page there is no room for a footer. */
  readonly embedded?: boolean
  /** Beside the name at the top. */
  readonly corner?: Content
  /** A screen reader reads it aloud when it changes. */
  readonly notice?: string | undefined
  readonly appOrigin: string
  readonly main: Content
}

/** What the pages of the portal site have in common. */
export function page({ title, theme, embedded = false, main, ...rest }: Layout): Html {
  const { product, corner, notice, appOrigin } = rest
  return documentOf({
    title,
    icon: 'portal',
    styles: ['base', 'portal', 'board'],
    script: 'portal',
    theme: theme ?? 'portal',
    embedded,
    body: html`<header class="row top page">
        <p class="brand">
          <span class="mark" aria-hidden="true"></span>
          <span>Lantern ideas${product && html` <small>on ${product}</small>`}</span>
        </p>
        ${corner}
      </header>
      <main id="main" class="page">${main}</main>
      ${!embedded && footer(product, appOrigin)}
      <p class="notice toast" role="status">${notice}</p>`,
  })
}

function footer(product: string | undefined, appOrigin: string): Html {
  return html`<footer class="foot page">
    <p>
      ${product ? `This site imitates ${product} for the Countersign demo.` : 'The portal of the Countersign demo.'}
      <a href="/">All boards</a> · <a href="${appOrigin}">Back to Lantern</a> ·
      <a href="${appOrigin}/docs/README.md">Documentation</a>
    </p>
  </footer>`
}

/** Whether the page is asked for as part of another site's page. SeggWat has such a mode. */
export function isEmbedded(req: Request): boolean {
  return req.originalUrl.startsWith('/seggwat/') && req.query['embed'] === 'true'
}
