import { getPortalUser, requireSignedUser, type ReplayStore } from '@countersign/express'
import express, { type Express, type RequestHandler } from 'express'
import type { Answer, Answers } from './answers'
import { POLICY, surveyPage, thanksPage } from './pages'
import { nothingHere, refusalPages } from './refusals'
import { SURVEY_PATH, type SurveyPortal } from './survey'

export interface AppOptions {
  readonly portal: SurveyPortal
  /** Remembers used links. */
  readonly replayStore: ReplayStore
  readonly answers: Answers
  /** How long a link is reserved while its answer is saved, in seconds. Saving never takes that long. */
  readonly lease?: number
  /** The clock, for tests: milliseconds since the epoch. */
  readonly now?: () => number
}

export function createApp({ portal, replayStore, answers, lease = 30, now }: AppOptions): Express {
  const app = express().disable('x-powered-by').use(privately)

  // GET does not use up a link, because mail scanners and previews open links too. A POST reserves the
  // link while its handler runs. A status below 400 uses it up; any other, or no response, releases it.
  const signedLink = requireSignedUser(portal, {
    replayStore,
    consume: { lease },
    rejections: 'forward', // to the pages in refusals.ts
    stripCredential: true, // later middleware may log the URL
    now,
  })

  app.get(SURVEY_PATH, signedLink, (_req, res) => {
    res.type('html').send(surveyPage())
  })

  // The form is read first, so that a slow upload does not use time of the lease.
  const readForm = express.urlencoded({ limit: '16kb' })
  app.post(SURVEY_PATH, readForm, signedLink, async (req, res) => {
    const answer = answerIn(req.body)
    if (!(answer.rating >= 1)) return res.status(422).type('html').send(surveyPage(answer))
    await answers.save(getPortalUser(req).nonce, answer)
    res.redirect(303, `${SURVEY_PATH}/thanks`)
  })

  app.get(`${SURVEY_PATH}/thanks`, (_req, res) => {
    res.type('html').send(thanksPage())
  })

  return app.use(nothingHere, refusalPages)
}

/** These pages are not framed or cached, and their URLs are not sent as a referrer. */
const privately: RequestHandler = (_req, res, next) => {
  res.set({
    'Cache-Control': 'private, no-store',
    'Content-Security-Policy': POLICY,
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
  })
  next()
}

/** A rating that is not one of the five is 0. */
function answerIn(form: Readonly<Record<string, unknown>> | undefined): Answer {
  const { rating, remark } = form ?? {}
  return {
    rating: typeof rating === 'string' && /^[1-5]$/.test(rating) ? Number(rating) : 0,
    remark: typeof remark === 'string' ? remark.replaceAll('\0', '').slice(0, 500) : '',
  }
}
