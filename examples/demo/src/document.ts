import { html, type Content, type Html } from './html'

export interface Document {
  readonly title: string
  /** Its icon tells the two sites apart in the tabs of a browser. */
  readonly icon: 'lantern' | 'portal'
  readonly styles: readonly string[]
  readonly script: 'lab' | 'portal'
  readonly theme: string
  /** Whether it is shown inside another site's page. */
  readonly embedded?: boolean
  readonly body: Content
}

/** What the pages of both sites have in common. */
export function documentOf({ title, icon, styles, script, ...rest }: Document): Html {
  const { theme, embedded, body } = rest
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <link rel="icon" href="/assets/${icon}.svg" type="image/svg+xml" />
        ${styles.map((name) => html`<link rel="stylesheet" href="/assets/${name}.css" />`)}
        <script type="module" src="/assets/${script}.js"></script>
      </head>
      <body data-theme="${theme}" ${embedded && html`data-embedded`}>
        <a class="skip" href="#main">Skip to content</a>
        ${body}
      </body>
    </html>`
}
