import { isRejection, type RejectionCode } from '@countersign/express'
import type { ErrorRequestHandler } from 'express'
import { html, toText, type Html } from '../html'
import { isEmbedded } from './embedding'
import { page } from './layout'
import { themeOf } from './places'

interface Refusal {
  readonly status: number
  /** A word for programs, and for whoever asks for help. */
  readonly code: string
  readonly title: string
  readonly text: string
  /** What a program is told. */
  readonly reason?: string
}

/** Codes that would help an attacker are shown as coarser ones. */
const PUBLIC_CODES: Partial<Readonly<Record<RejectionCode, string>>> = {
  token_malformed: 'invalid_token',
  signature_invalid: 'invalid_token',
  algorithm_not_allowed: 'invalid_token',
  credential_ambiguous: 'invalid_request',
}

type Wording = Pick<Refusal, 'title' | 'text'>

const WORDINGS: Readonly<Record<string, Wording>> = {
  credential_missing: {
    title: 'First come in through Lantern',
    text: 'This is for people that Lantern vouches for. Open it from there, and you are known here.',
  },
  token_expired: {
    title: 'This link has expired',
    text: 'It was a good link once. They live for a short time only: open a new one from Lantern.',
  },
  token_replayed: {
    title: 'This was used before',
    text: 'What Lantern signs for fdback counts once. Go back and come in again.',
  },
  invalid_token: {
    title: 'This link cannot be trusted',
    text: 'Something in it was changed after it was signed, or somebody else signed it. Nothing was done.',
  },
}

/** A survey is answered by people who were asked a favour. */
const SURVEY_WORDINGS: Readonly<Record<string, Wording>> = {
  credential_missing: {
    title: 'This survey opens from a link',
    text: 'The link that you were sent is longer. Please follow it as a whole.',
  },
  token_expired: {
    title: 'This survey link has expired',
    text: 'Thank you for wanting to help all the same. Lantern will gladly send you a new one.',
  },
  token_replayed: {
    title: 'You have answered already',
    text: 'Thank you! This link was good for one answer, and that answer is safely with us.',
  },
}

/** Answers with a page what a guard refused, or what went wrong: kindly, and with the exact status. */
export function refusalPages(appOrigin: string): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    if (res.headersSent) return next(error)
    const theme = themeOf(req.originalUrl)
    const refusal = refusalOf(error, theme === 'harlyy')
    if (refusal.status >= 500) console.error(error)
    res.status(refusal.status)
    if (isRejection(error)) res.set(error.headers)
    if (req.accepts(['html', 'json']) === 'json') return res.json(asProblem(refusal))
    const main = refusalMain(refusal, appOrigin)
    const embedded = isEmbedded(req)
    res.type('html').send(toText(page({ title: refusal.title, theme, embedded, main })))
  }
}

function refusalOf(error: unknown, survey: boolean): Refusal {
  if (isRejection(error)) {
    const { status, message: reason } = error
    const code = PUBLIC_CODES[error.code] ?? error.code
    const text = 'Nothing was done. Please open it again from Lantern.'
    const wording = (survey ? SURVEY_WORDINGS[code] : undefined) ?? WORDINGS[code]
    return { status, code, title: reason, text, reason, ...wording }
  }
  const status = statusOf(error)
  if (status === 404) {
    const text = 'Perhaps it was here once. The boards are a click away.'
    return { status, code: 'not_found', title: 'There is nothing here', text }
  }
  if (status < 500) {
    const text = 'Please go back and try again with less.'
    return { status, code: 'invalid_request', title: 'That did not arrive well', text }
  }
  const text = 'It is our fault, and we have written it down. Please try again in a while.'
  return { status, code: 'server_error', title: 'Something broke', text }
}

/** What Express's own parsers say of a body that they refuse. */
function statusOf(error: unknown): number {
  const { status } = (error ?? {}) as { status?: unknown } // any thrown value may have one
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 500
}

function refusalMain({ status, code, title, text }: Refusal, appOrigin: string): Html {
  return html`<div class="single">
    <span class="seal broken" aria-hidden="true"></span>
    <h1>${title}</h1>
    <p>${text}</p>
    <p><a class="button" href="${appOrigin}" target="_top">Go to Lantern</a></p>
    <p class="small"><code>${status} ${code}</code></p>
  </div>`
}

function asProblem({ status, code, title, reason = title }: Refusal): object {
  return { title: reason, status, code }
}
