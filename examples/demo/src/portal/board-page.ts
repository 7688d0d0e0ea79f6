import type { FeatureRequest } from '../data/board'
import type { Format } from '../formats'
import { html, type Html } from '../html'
import { howWeKnow } from './how-we-know'
import { page } from './layout'
import type { Visitor } from './visitor'

export interface BoardPage {
  readonly format: Format
  readonly visitor: Visitor | null
  readonly requests: readonly FeatureRequest[]
  readonly embedded: boolean
  readonly notice: string | undefined
  readonly appOrigin: string
}

/** A board: the feature requests, and what this visitor may do with them. */
export function boardPage(board: BoardPage): Html {
  const { format, visitor, embedded, notice, appOrigin } = board
  return page({
    title: `Lantern ideas on ${format.product}`,
    theme: format.theme,
    product: format.product,
    appOrigin,
    embedded,
    notice,
    corner: visitor && corner(visitor, board),
    main: html`<div class="columns">
      <div class="side">${visitor ? known(visitor, format) : reader(board)}</div>
      <section class="stack list" aria-labelledby="ideas">
        <h1 id="ideas">What should we build next?</h1>
        <ol class="stack">
          ${board.requests.map((request) => card(request, board))}
        </ol>
        ${visitor && suggestion(board)}
      </section>
    </div>`,
  })
}

function corner(visitor: Visitor, board: BoardPage): Html {
  return html`<div class="visitor">
    ${
      visitor.avatar
        ? html`<img src="${visitor.avatar}" alt="" width="32" height="32" />`
        : html`<span class="initial" aria-hidden="true">${[...visitor.name][0]}</span>`
    }
    <bdi class="clipped">${visitor.name}</bdi>
    <form method="post" action="${action(board, 'leave')}">
      ${ownUser(board)}<button class="pill">Leave</button>
    </form>
  </div>`
}

function known({ id, name, email, proof }: Visitor, { product, name: kind }: Format): Html {
  return howWeKnow({
    scheme: `${product} ${kind}`,
    who: html`<bdi>${name}</bdi>${email && html` <small>${email}</small>`}${
        id !== email && html` <small>id ${id}</small>`
      }`,
    proof,
  })
}

function reader({ appOrigin, embedded }: BoardPage): Html {
  return html`<section class="panel" aria-labelledby="reading">
    <h2 id="reading">You are reading as a visitor</h2>
    <p class="soft">
      Only users that Lantern has signed can vote, suggest and comment.
      <a href="${appOrigin}" ${embedded && html`target="_blank"`}>Sign in through Lantern</a> to
      take part.
    </p>
  </section>`
}

/** For whom the form was shown: an action of a page that is out of date is refused. */
function ownUser({ visitor }: BoardPage): Html {
  return html`<input type="hidden" name="as" value="${visitor?.id}" />`
}

function card(request: FeatureRequest, board: BoardPage): Html {
  const { id, title, detail, author, comments } = request
  return html`<li class="request panel" id="request-${id}">
    ${board.visitor ? voteButton(request, board) : voteCount(request)}
    <div class="stack tight">
      <h2><bdi>${title}</bdi></h2>
      ${detail && html`<p class="soft">${detail}</p>`}
      <p class="small">Suggested by <bdi>${author}</bdi></p>
      ${comments.map(
        ({ author: who, body }) =>
          html`<div class="comment">
            <p>
              <strong><bdi>${who}</bdi></strong> <span class="said">${body}</span>
            </p>
          </div>`,
      )}
      ${board.visitor && commentForm(request, board)}
    </div>
  </li>`
}

function voteButton({ id, title, votes, voted }: FeatureRequest, board: BoardPage): Html {
  return html`<form
    method="post"
    action="${action(board, `${id}/vote`)}"
    id="vote-${id}"
    data-quiet
  >
    ${ownUser(board)}<button
      class="vote"
      aria-pressed="${String(voted)}"
      aria-label="Vote for ${title}, ${votes} so far"
    >
      <span class="arrow" aria-hidden="true"></span>${votes}
    </button>
  </form>`
}

function voteCount({ votes }: FeatureRequest): Html {
  return html`<p class="vote">${votes} <small>votes</small></p>`
}

function commentForm({ id, title }: FeatureRequest, board: BoardPage): Html {
  return html`<details>
    <summary>Comment<span class="hidden"> on ${title}</span></summary>
    <form
      method="post"
      action="${action(board, `${id}/comment`)}"
      id="comment-${id}"
      class="stack tight"
      data-quiet
    >
      ${ownUser(board)}
      <label for="body-${id}">Your comment</label>
      <textarea id="body-${id}" name="body" required maxlength="500" rows="2"></textarea>
      <button class="button">Send</button>
    </form>
  </details>`
}

function suggestion(board: BoardPage): Html {
  return html`<section class="panel" aria-labelledby="suggest-title">
    <h2 id="suggest-title">Suggest something</h2>
    <form
      method="post"
      action="${action(board, 'suggest')}"
      id="suggest"
      class="stack tight"
      data-quiet
    >
      ${ownUser(board)}
      <label for="title">Title</label>
      <input id="title" name="title" required maxlength="80" autocomplete="off" />
      <label for="detail">Why it matters <small>(optional)</small></label>
      <textarea id="detail" name="detail" maxlength="500" rows="3"></textarea>
      <button class="button">Suggest</button>
    </form>
  </section>`
}

function action({ format, embedded }: BoardPage, what: string): string {
  return `${format.board}/${what}${embedded ? '?embed=true' : ''}`
}
