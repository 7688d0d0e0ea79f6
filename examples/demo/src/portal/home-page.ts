import { BOARDS } from '../formats'
import { html, type Html } from '../html'
import { page } from './layout'

/** The front page of the portal site. */
export function homePage(appOrigin: string): Html {
  return page({
    title: 'Lantern ideas',
    theme: null,
    appOrigin,
    main: html`<section class="stack hero">
        <h1>Ideas for Lantern</h1>
        <p class="soft">
          Everyone may read. To vote, <a href="${appOrigin}">come from Lantern</a>: it signs who you
          are, and each board checks its signature in its own way.
        </p>
      </section>
      <ul class="doors">
        ${BOARDS.map(
          ({ board, theme, product, name }) =>
            html`<li data-theme="${theme}">
              <a class="card" href="${board}"><strong>${product}</strong> <small>${name}</small></a>
            </li>`,
        )}
      </ul>`,
  })
}
