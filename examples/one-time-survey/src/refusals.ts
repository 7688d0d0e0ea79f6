import { isRejection, type RejectionCode } from '@countersign/express'
import type { ErrorRequestHandler, RequestHandler } from 'express'
import { noticePage } from './pages'

interface Words {
  readonly title: string
  readonly text: string
}

/** All other links get the same page: it must not tell a forged link from a broken one. */
const WORDS: Partial<Readonly<Record<RejectionCode, Words>>> = {
  credential_missing: {
    title: 'This survey opens from a link',
    text: 'The link that you were sent is longer. Please follow it as a whole.',
  },
  token_replayed: {
    title: 'This link was used',
    text: 'Thank you! It was good for one answer, and that answer is with us.',
  },
  nonce_in_progress: {
    title: 'One moment, please',
    text: 'An answer with this link is being saved right now. Open the link again in a while: if it was used, we have your answer.',
  },
  token_expired: {
    title: 'This link has expired',
    text: 'Thank you for wanting to help. Ask us for a new one.',
  },
  store_unavailable: {
    title: 'Not at the moment',
    text: 'We cannot look up your link right now. Nothing was saved: go back in a minute and send your answer again.',
  },
}

const UNTRUSTED: Words = {
  title: 'This link does not work',
  text: 'It is not as we made it. Please follow the link in our mail as a whole.',
}

const OUR_FAULT: Words = {
  title: 'Something broke',
  text: 'It is our fault. Your link is still good: please go back and send your answer again.',
}

const NOT_READ: Words = {
  title: 'Your answer did not arrive well',
  text: 'It was not saved and your link is still good: please go back and send it again.',
}

/**
 * Says in words what the guard refused or what went wrong, with the exact status. Of what was sent
 * nothing is repeated: the address holds the link.
 */
export const refusalPages: ErrorRequestHandler = (error: unknown, _req, res, next) => {
  if (res.headersSent) return next(error)
  const status = statusOf(error)
  if (status >= 500) console.error(isRejection(error) ? (error.detail ?? error.code) : error)
  if (isRejection(error)) res.set(error.headers)
  const { title, text } = wordsFor(error, status)
  res.status(status).type('html').send(noticePage(title, text))
}

export const nothingHere: RequestHandler = (_req, res) => {
  const text = 'The survey opens from the link that you were sent.'
  res.status(404).type('html').send(noticePage('There is nothing here', text))
}

/** Express's own parsers tell of a bad form by a status of 400 to 499. */
function statusOf(error: unknown): number {
  const { status } = (error ?? {}) as { readonly status?: unknown } // any thrown value may have one
  if (isRejection(error)) return error.status
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 500
}

function wordsFor(error: unknown, status: number): Words {
  if (isRejection(error)) return WORDS[error.code] ?? UNTRUSTED
  return status < 500 ? NOT_READ : OUR_FAULT
}
