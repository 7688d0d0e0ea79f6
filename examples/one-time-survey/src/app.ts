import { getPortalUser, requireSignedUser, type ReplayStore } from '@countersign/express'
import express, { type Express, type RequestHandler } from 'express'
import type { Answer, Answers } from './answers'
import { POLICY, surveyPage, thanksPage } from './pages'
import { nothingHere, refusalPages } from './refusals'
import { SURVEY_PATH, type SurveyPortal } from './survey'

export interface AppOptions {
  readonly portal: SurveyPortal
  /** Which links were used. */
  readonly replayStore: ReplayStore
  readonly answers: Answers
  /** For how long an answer on its way keeps others out, in seconds. Saving never takes that long. */
  readonly lease?: number
  /** The clock, for tests: milliseconds since the epoch. */
  readonly now?: () => number
}

export function createApp({ portal, replayStore, answers, lease = 30, now }: AppOptions): Express {
  const app = express().disable('x-powered-by').use(privately)

  // Looking uses nothing up: mail scanners and previews open links too. A POST takes the link while
  // its handler runs. An answer below 400 uses it up; any other, or none, gives it back.
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

  // The form is read first: who sends it slowly takes no time of the lease.
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

/** Nobody frames these pages, keeps them or learns their addresses. */
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
