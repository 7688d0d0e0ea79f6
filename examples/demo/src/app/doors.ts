import { html, type Html } from '../html'
import type { SampleUser } from './users'

export interface DoorsFor {
  readonly user: SampleUser | null
  readonly portalOrigin: string
}

interface Door {
  readonly id: string
  readonly flow: 'tab' | 'frame' | 'link' | 'post'
  readonly name: string
  readonly format: string
  readonly text: string
  readonly action: string
  /** Where a visitor may read, without being known. */
  readonly board: string | null
}

/** The ways to the portals: with a signature for somebody, as a reader for nobody. */
export function doors(visitor: DoorsFor): Html {
  return html`<ul class="doors">
    ${DOORS.map((door) => card(door, visitor))}
  </ul>`
}

const DOORS: readonly Door[] = [
  {
    id: 'featkit',
    flow: 'tab',
    name: 'FeatKit',
    format: 'Signed link',
    text: 'The board opens in a new tab, with you signed in.',
    action: 'Open the board',
    board: '/featkit/p/lantern',
  },
  {
    id: 'seggwat-hmac',
    flow: 'frame',
    name: 'SeggWat',
    format: 'HMAC token',
    text: 'The board appears inside this page, in a frame.',
    action: 'Show it here',
    board: '/seggwat/p/lantern-hmac',
  },
  {
    id: 'seggwat-jwt',
    flow: 'frame',
    name: 'SeggWat',
    format: 'JWT',
    text: 'The same frame, with a JSON Web Token instead.',
    action: 'Show it here',
    board: '/seggwat/p/lantern-jwt',
  },
  {
    id: 'harlyy',
    flow: 'link',
    name: 'Harlyy',
    format: 'One-time link',
    text: 'A survey link to pass on. It takes one answer and names nobody.',
    action: 'Make a survey link',
    board: null,
  },
  {
    id: 'fdback',
    flow: 'post',
    name: 'fdback',
    format: 'Signed request',
    text: 'This page posts what was signed, then takes you to the board.',
    action: 'Sign in and go',
    board: '/fdback/board',
  },
]

function card(door: Door, { user, portalOrigin }: DoorsFor): Html {
  const title = html`<h2>${door.name} <small>${door.format}</small></h2>`
  const action = user
    ? html`<button class="button" data-door="${door.id}" data-flow="${door.flow}" disabled>
        ${door.action}
      </button>`
    : door.board === null
      ? html`<p class="quiet">A survey link is made for somebody.</p>`
      : html`<a class="button quiet" href="${portalOrigin}${door.board}">Read as a visitor</a>`
  return html`<li class="door" data-theme="${door.id.split('-')[0]}">
    ${title}
    <p>${door.text}</p>
    ${action}
  </li>`
}
