import { isRejection, type RejectionCode } from '@countersign/express'
import type { ErrorRequestHandler, RequestHandler } from 'express'
import { noticePage } from './pages'

interface Words {
  readonly title: string
  readonly text: string
}

/** All other links get the same page, so that it does not tell a forged link from a broken one. */
const WORDS: Partial<Readonly<Record<RejectionCode, Words>>> = {
  credential_missing: {
    title: 'This survey opens with a link',
    text: 'Part of the link is missing. Please open the complete link from our mail.',
  },
  token_replayed: {
    title: 'This link has been used',
    text: 'Thank you! Each link is for one answer, and we have that answer.',
  },
  nonce_in_progress: {
    title: 'One moment, please',
    text: 'An answer with this link is being saved right now. Open the link again in a minute: if it has been used, we have your answer.',
  },
  token_expired: {
    title: 'This link has expired',
    text: 'Thank you for wanting to help. Ask us for a new one.',
  },
  store_unavailable: {
    title: 'Please try again in a minute',
    text: 'We cannot look up your link right now. Nothing was saved. Please go back in a minute and send your answer again.',
  },
}

const UNTRUSTED: Words = {
  title: 'This link does not work',
  text: 'It has been changed or cut off. Please open the complete link from our mail.',
}

const OUR_FAULT: Words = {
  title: 'Something went wrong',
  text: 'This is our fault. You can still use your link: please go back and send your answer again.',
}

const NOT_READ: Words = {
  title: 'We could not read your answer',
  text: 'It was not saved. You can still use your link: please go back and send the answer again.',
}

/**
 * Explains to the visitor what the guard refused or what went wrong, with the exact status. It repeats
 * nothing from the request, because the URL contains the link.
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
  const text = 'Please open the survey with the link from our mail.'
  res.status(404).type('html').send(noticePage('This page does not exist', text))
}

/** Express's own parsers report a bad form with a status from 400 to 499. */
function statusOf(error: unknown): number {
  const { status } = (error ?? {}) as { readonly status?: unknown } // any thrown value may have one
  if (isRejection(error)) return error.status
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 500
}

function wordsFor(error: unknown, status: number): Words {
  if (isRejection(error)) return WORDS[error.code] ?? UNTRUSTED
  return status < 500 ? NOT_READ : OUR_FAULT
}
