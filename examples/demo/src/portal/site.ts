import { join } from 'node:path'
import type { GuardOptions } from '@countersign/express'
import { postgresReplayStore } from '@countersign/store-postgres'
import express, { type Express, type RequestHandler } from 'express'
import { oneAddress, ownPagesOnly, pageHeaders } from '../browser-safety'
import { boardIn } from '../data/board'
import type { Query } from '../data/database'
import { toText } from '../html'
import type { Portals } from '../portals'
import { createSession, type Session } from '../session'
import { boardRoutes } from './board-routes'
import { isEmbedded } from './embedding'
import { fdbackLogin } from './fdback-login'
import { homePage } from './home-page'
import { NotFound } from './not-found'
import { boardsOf, SURVEY_PATH, type Place } from './places'
import { refusalPages } from './refusal'
import { surveyRoutes } from './survey-routes'
import type { Visitor } from './visitor'

export interface PortalSiteOptions {
  readonly portals: Portals
  /** Where people reach this site. */
  readonly portalOrigin: string
  /** The site whose users come here, and whose pages may frame a board. */
  readonly appOrigin: string
  readonly query: Query
  readonly sessionSecret: string
}

/** The portal: it knows nobody itself, and believes what the app has signed. */
export function createPortalSite(options: PortalSiteOptions): Express {
  const { portals, portalOrigin, appOrigin, query } = options
  const guard: GuardOptions = {
    rejections: 'forward',
    // a restart does not make used links new
    replayStore: postgresReplayStore({ query }),
  }
  const places = boardsOf(portals)
  const sessions = new Map(places.map((place) => [place.id, sessionOf(place, options)]))
  const fdback = sessions.get('fdback')!
  const boardUrl = `${portalOrigin}/fdback/board`

  const site = express().disable('x-powered-by')
  site.use('/assets', express.static(join(__dirname, '..', '..', 'public')))
  site.use(oneAddress(portalOrigin), headers(appOrigin))
  site.get('/', (_req, res) => {
    res.type('html').send(toText(homePage(places, appOrigin)))
  })
  for (const place of places) {
    const session = sessions.get(place.id)!
    const board = boardIn(query, place.id)
    const own = { ownPagesOnly: ownPagesOnly(portalOrigin), appOrigin }
    site.use(place.path, boardRoutes({ place, board, session, guard, ...own }))
  }
  site.use(
    '/fdback/api/auth/sdk-login',
    fdbackLogin({ portal: portals.fdback, session: fdback, guard, appOrigin, boardUrl }),
  )
  site.use(SURVEY_PATH, surveyRoutes({ portal: portals.harlyy, query, guard }))
  site.use(() => {
    throw new NotFound()
  })
  site.use(refusalPages(appOrigin))
  return site
}

/** Each board has its own session: who is known on one is a stranger on the next. */
function sessionOf(place: Place, { sessionSecret }: PortalSiteOptions): Session<Visitor> {
  return createSession({
    name: `portal_${place.id}`,
    path: place.path,
    secret: sessionSecret,
    lifetime: 3600,
  })
}

/** A board in SeggWat's embedded mode may stand in a frame of the app's; nothing else may. */
function headers(appOrigin: string): RequestHandler {
  const rules = { pictures: [appOrigin] }
  const alone = pageHeaders(rules)
  const framed = pageHeaders({ ...rules, framedBy: [appOrigin] })
  return (req, res, next) => {
    res.set(isEmbedded(req) ? framed : alone)
    next()
  }
}
