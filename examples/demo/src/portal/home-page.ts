import { html, type Html } from '../html'
import { page } from './layout'
import type { Place } from './places'

/** The front door of the portal site: every board, for whoever walks by. */
export function homePage(places: readonly Place[], appOrigin: string): Html {
  return page({
    title: 'Lantern ideas',
    theme: null,
    main: html`<section class="hero">
        <h1>Ideas for Lantern</h1>
        <p>
          Anyone may read. To vote, <a href="${appOrigin}">come in through Lantern</a>: it vouches
          for you, and each board checks its signature in its own way.
        </p>
      </section>
      <ul class="doors">
        ${places.map(
          ({ path, theme, product, format }) =>
            html`<li data-theme="${theme}">
              <a href="${path}"><strong>${product}</strong> <small>${format}</small></a>
            </li>`,
        )}
      </ul>`,
  })
}
