import type { Format } from '../formats'
import { html, type Html } from '../html'

interface Lines {
  /** Makes the portal, on both sides. */
  readonly make: string
  /** What the app's page does with its sign endpoint. */
  readonly page: string
  readonly embed?: boolean
}

const LINES: Readonly<Record<Format['id'], Lines>> = {
  featkit: {
    make: "featkit({ slug: 'lantern', secret })",
    page: "button.onclick = () => openPortal('/sign/featkit')",
  },
  'seggwat-hmac': {
    make: "seggwat({ projectKey: 'lantern-hmac', secret })",
    page: "embedPortal(element, '/sign/seggwat-hmac', { title: 'Ideas' })",
    embed: true,
  },
  'seggwat-jwt': {
    make: "seggwat({ projectKey: 'lantern-jwt', mode: 'jwt', secret })",
    page: "embedPortal(element, '/sign/seggwat-jwt', { title: 'Ideas' })",
    embed: true,
  },
  harlyy: {
    make: "harlyy({ businessId: 'lantern', surveyId: 'autumn', secret })",
    page: "button.onclick = () => openPortal('/sign/harlyy')",
  },
  fdback: {
    make: "fdback({ workspaceId: 'lantern', secret })",
    page: "button.onclick = () => signIn('/sign/fdback')",
  },
}

/** The code on both sides, for both frameworks. */
export function codeView(format: Format): Html {
  return html`<section class="code" aria-labelledby="code">
    <h2 id="code">The code that did it</h2>
    <fieldset class="choice">
      <legend class="hidden">Framework</legend>
      <label><input type="radio" name="framework" value="express" checked /> Express</label>
      <label><input type="radio" name="framework" value="koa" /> Koa</label>
    </fieldset>
    ${['express', 'koa'].map(
      (framework) =>
        html`<div class="sides" data-framework="${framework}">
          <h3>In your app’s backend</h3>
          <pre tabindex="0">${appLine(format, framework)}</pre>
          <h3>In your app’s page</h3>
          <pre tabindex="0">${LINES[format.id].page}</pre>
          <h3>In the portal</h3>
          <pre tabindex="0">${portalLine(format, framework)}</pre>
        </div>`,
    )}
  </section>`
}

function appLine({ id }: Format, framework: string): string {
  const { make, embed } = LINES[id]
  const router = framework === 'koa' ? 'router' : 'app'
  return `const portal = ${make}
${router}.post('/sign/${id}', signEndpoint(portal, { user${embed ? ', embed: true' : ''} }))`
}

function portalLine({ id, board, path }: Format, framework: string): string {
  const { make } = LINES[id]
  const router = framework === 'koa' ? 'router' : 'app'
  if (id === 'harlyy') {
    return `const portal = ${make}
${router}.use('${path}', requireSignedUser(portal), survey)`
  }
  return `const portal = ${make}
${router}.use('${path}', exchangeSignedUser(portal, { establish }))
${router}.get('${board}', board)`
}
