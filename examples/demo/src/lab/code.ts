import type { Format } from '../formats'
import { html, type Html } from '../html'

/** The code on both sides, for both frameworks. */
export function codeView(format: Format): Html {
  return html`<section class="stack code" aria-labelledby="code">
    <h2 id="code">The code that did it</h2>
    <fieldset class="row choice">
      <legend class="hidden">Framework</legend>
      <label class="row"
        ><input type="radio" name="framework" value="express" checked /> Express</label
      >
      <label class="row"><input type="radio" name="framework" value="koa" /> Koa</label>
    </fieldset>
    ${sides(format, 'express', 'app')} ${sides(format, 'koa', 'router')}
  </section>`
}

/** @param router the name of what has the routes */
function sides({ id, flow, code, path, board }: Format, framework: string, router: string): Html {
  const make = `const portal = ${code}\n`
  const options = flow === 'frame' ? '{ user, embed: true }' : '{ user }'
  const guarded =
    id === 'harlyy'
      ? `${router}.use('${path}', requireSignedUser(portal), survey)`
      : `${router}.use('${path}', exchangeSignedUser(portal, { establish }))
${router}.get('${board}', board)`
  return html`<div data-framework="${framework}">
    <h3>In your app’s backend</h3>
    <pre tabindex="0">${make}${router}.post('/sign/${id}', signEndpoint(portal, ${options}))</pre>
    <h3>In your app’s page</h3>
    <pre tabindex="0">${PAGE[flow](`'/sign/${id}'`)}</pre>
    <h3>In the portal</h3>
    <pre tabindex="0">${make}${guarded}</pre>
  </div>`
}

/** What the app's page does with its sign endpoint. */
const PAGE: Readonly<Record<Format['flow'], (url: string) => string>> = {
  tab: (url) => `button.onclick = () => openPortal(${url})`,
  frame: (url) => `embedPortal(element, ${url}, { title: 'Ideas' })`,
  form: (url) => `button.onclick = () => signIn(${url})`,
}
