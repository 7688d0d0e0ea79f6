import { requireSignedUser, type GuardOptions } from '@countersign/express'
import express, { type Request, type Response, type Router } from 'express'
import type { Query } from '../data/database'
import { SURVEY_PATH } from '../formats'
import { toText } from '../html'
import type { Portals } from '../portals'
import type { Session } from '../session'
import { textField } from './fields'
import { surveyPage, thanksPage } from './survey-page'
import { proofOf } from './visitor'

export interface Survey {
  readonly portal: Portals['harlyy']
  readonly query: Query
  readonly guard: GuardOptions
  /** Remembers for a short time that this browser has answered. */
  readonly answered: Session<object>
  readonly appOrigin: string
}

/**
 * A survey that takes one answer for each link. Looking at it uses nothing up, and neither does an
 * answer that is not complete: the link is used when the answer can be saved.
 */
export function surveyRoutes({ portal, query, guard, answered, appOrigin }: Survey): Router {
  const signedOnly = requireSignedUser(portal, { ...guard, consume: 'manual' })

  function show(req: Request, res: Response, missing = false): void {
    const page = surveyPage({ proof: proofOf(req.portalAuth!), missing, appOrigin }) // the guard has set it
    res.status(missing ? 422 : 200)
    res.type('html').send(toText(page))
  }

  return express
    .Router()
    .get('/', signedOnly, (req, res) => show(req, res))
    .post('/', signedOnly, express.urlencoded(), async (req, res) => {
      const rating = Number(textField(req, 'rating', 1))
      if (!(rating >= 1 && rating <= 5)) return show(req, res, true)
      await req.portalAuth!.consume() // one of many simultaneous answers passes; this refuses the others
      const remark = textField(req, 'remark', 500)
      await query('insert into answers (rating, remark) values ($1, $2)', [rating, remark])
      answered.start(res, {})
      res.redirect(303, `${SURVEY_PATH}/thanks`)
    })
    .get('/thanks', (req, res) => {
      if (!answered.read(req)) return res.redirect(303, SURVEY_PATH)
      res.type('html').send(toText(thanksPage(appOrigin)))
    })
}
