import { isRejection } from '@countersign/express'
import { REJECTIONS } from '@countersign/core'
import type { ErrorRequestHandler } from 'express'
import { themeOf } from '../formats'
import { html, toText, type Html } from '../html'
import type { RequestLog } from '../request-log'
import { isEmbedded, page } from './layout'

interface Refusal {
  readonly status: number
  /** For programs, and for someone who asks for help. */
  readonly code: string
  readonly title: string
  readonly text: string
}

type Wordings = Readonly<Record<string, readonly [title: string, text: string]>>

const WORDINGS: Wordings = {
  credential_missing: [
    'Sign in through Lantern first',
    'Only users that Lantern has signed can do this. Open the board from Lantern.',
  ],
  token_expired: [
    'This link has expired',
    'Signed links are valid for a short time. Open a new one from Lantern.',
  ],
  token_replayed: [
    'This was used before',
    'A signed request is valid once. Go back to Lantern and sign in again.',
  ],
  invalid_token: [
    'This link cannot be trusted',
    'It was changed after it was signed, or it was not signed by Lantern. Open a new one from Lantern.',
  ],
  invalid_request: [
    'This link contains more than one token',
    'It was put together wrongly. Open a new one from Lantern.',
  ],
  store_unavailable: [
    'We cannot check your link right now',
    'Our database does not answer. Your link was not used: please try again in a moment.',
  ],
}

/** A survey is answered by people who received a link. */
const SURVEY_WORDINGS: Wordings = {
  credential_missing: [
    'This survey opens from a link',
    'Please open the whole link that was sent to you.',
  ],
  token_expired: [
    'This survey link has expired',
    'Thank you for your interest. Lantern can send you a new link.',
  ],
  token_replayed: [
    'This link was already used',
    'A survey link takes one answer. The first one is saved; a second one is not.',
  ],
}

/** Answers with a page to what a guard refused, or to an error: with the exact status. */
export function refusalPages(appOrigin: string, log: RequestLog): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    if (res.headersSent) return next(error)
    const theme = themeOf(req.originalUrl)
    const refusal = refusalOf(error, theme === 'harlyy')
    log.refused(error, req)
    if (refusal.status >= 500) console.error(error)
    res.status(refusal.status)
    if (isRejection(error)) res.set(error.headers)
    if (req.accepts(['html', 'json']) === 'json') {
      const { title, status, code } = refusal
      return res.json({ title, status, code })
    }
    const embedded = isEmbedded(req)
    const main = refusalMain(refusal, appOrigin, embedded)
    res.type('html').send(toText(page({ title: refusal.title, theme, embedded, appOrigin, main })))
  }
}

function refusalOf(error: unknown, survey: boolean): Refusal {
  if (!isRejection(error)) return errorOf(statusOf(error))
  const code = REJECTIONS[error.code].publicCode
  const other = [error.message, 'Nothing was changed. Please open the link from Lantern again.']
  const [title = '', text = ''] = (survey && SURVEY_WORDINGS[code]) || WORDINGS[code] || other
  return { status: error.status, code, title, text }
}

function errorOf(status: number): Refusal {
  if (status === 404) {
    const text = 'There is no page at this address. All boards are listed on the front page.'
    return { status, code: 'not_found', title: 'Page not found', text }
  }
  if (status < 500) {
    const text = 'The form was too long or could not be read. Please go back and shorten it.'
    return { status, code: 'invalid_request', title: 'That could not be read', text }
  }
  const text = 'This is our mistake, and it is in our log. Please try again later.'
  return { status, code: 'server_error', title: 'Something went wrong', text }
}

/** What Express's own parsers say of a body that they refuse. */
function statusOf(error: unknown): number {
  const { status } = (error ?? {}) as { status?: unknown } // any thrown value may have one
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 500
}

/** What the seal shows, by code: refusals that need different actions look different. */
const SEALS: Readonly<Record<string, string>> = {
  token_expired: '00:00',
  token_replayed: '1×',
  invalid_token: '✕',
}

function refusalMain(
  { status, code, title, text }: Refusal,
  appOrigin: string,
  embedded: boolean,
): Html {
  return html`<div class="single">
    <span class="seal refused ${code}" aria-hidden="true">${SEALS[code] ?? '?'}</span>
    <h1>${title}</h1>
    <p class="soft">${text}</p>
    <p>
      <a class="button" href="${appOrigin}" ${embedded && html`target="_blank"`}>Go to Lantern</a>
    </p>
    <p class="small"><code>${status} ${code}</code></p>
  </div>`
}
