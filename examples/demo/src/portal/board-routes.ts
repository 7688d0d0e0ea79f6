import { exchangeSignedUser, Rejection, type GuardOptions } from '@countersign/express'
import express, {
  type Request,
  type RequestHandler,
  type RequestParamHandler,
  type Response,
  type Router,
} from 'express'
import { ownPagesOnly } from '../browser-safety'
import type { Board } from '../data/board'
import type { Format } from '../formats'
import { toText } from '../html'
import type { Portals } from '../portals'
import type { Session } from '../session'
import { boardPage } from './board-page'
import { textField } from './fields'
import { isEmbedded } from './layout'
import { noticeText, type Notice } from './notices'
import { visitorOf, type Visitor } from './visitor'

export interface BoardSite {
  readonly format: Format
  readonly portal: Portals[keyof Portals]
  readonly session: Session<Visitor>
  readonly guard: GuardOptions
  readonly board: Board
  readonly appOrigin: string
  readonly portalOrigin: string
}

/** A board: everyone may read, signed users take part. */
export function boardRoutes(site: BoardSite): Router {
  const form = [ownPagesOnly(site.portalOrigin), express.urlencoded(), sameUser(site)]
  return express
    .Router()
    .param('request', onThisBoard(site))
    .all('/', arrival(site))
    .get('/', (req, res) => show(site, req, res))
    .post('/:request/vote', form, vote(site))
    .post('/:request/comment', form, comment(site))
    .post('/suggest', form, suggest(site))
    .post('/leave', form, (req: Request, res: Response) => {
      site.session.end(res)
      back(site, req, res)
    })
}

/**
 * Where signed users arrive: their credential is checked once and exchanged for a session of the
 * portal's own. From then on the session knows the visitor, and no credential stays in the address.
 */
export function arrival({ format, portal, session, guard }: BoardSite): RequestHandler {
  const { board, flow } = format
  const isFrame = flow === 'frame'
  return exchangeSignedUser(portal, {
    ...guard,
    session: isFrame ? 'frame' : 'lax',
    redirectTo: `${board}?${isFrame ? 'embed=true&' : ''}notice=arrived`,
    current: (req) => session.read(req),
    establish(user, req, { portalAuth, link }) {
      session.start(req.res!, visitorOf(user, portalAuth, session.read(req), link)) // Express sets `res`
    },
  })
}

/** Passes by the routes of a request that this board does not have. */
function onThisBoard({ board }: BoardSite): RequestParamHandler {
  return async (_req, _res, next, id: string) => {
    next(/^\d{1,9}$/.test(id) && (await board.has(Number(id))) ? undefined : 'route')
  }
}

async function show(site: BoardSite, req: Request, res: Response, said?: string): Promise<void> {
  const { format, board, session, appOrigin } = site
  const visitor = session.read(req)
  const requests = await board.list(visitor?.id ?? null)
  const notice = said ?? noticeText(req.query['notice'], visitor)
  const embedded = isEmbedded(req)
  const page = boardPage({ format, visitor, requests, notice, embedded, appOrigin })
  res.type('html').send(toText(page))
}

/** Refuses a form that was shown to another user than the one who is signed in now. */
function sameUser(site: BoardSite): RequestHandler {
  return (req, res, next) => {
    const visitor = site.session.read(req)
    const shownTo: unknown = req.body?.as
    if (!visitor || shownTo === undefined || shownTo === visitor.id) return next()
    const said = `You are now signed in as ${visitor.name}. Nothing was changed.`
    return show(site, req, res.status(409), said)
  }
}

function vote(site: BoardSite): RequestHandler {
  return async (req, res) => {
    const { id } = member(site, req)
    const counted = await site.board.vote(Number(req.params['request']), id)
    back(site, req, res, counted ? 'voted' : 'voted-before')
  }
}

function comment(site: BoardSite): RequestHandler {
  return async (req, res) => {
    const { name } = member(site, req)
    const body = textField(req, 'body', 500)
    if (body === '') return back(site, req, res, 'comment-missing')
    await site.board.comment(Number(req.params['request']), name, body)
    back(site, req, res, 'commented')
  }
}

function suggest(site: BoardSite): RequestHandler {
  return async (req, res) => {
    const { id, name } = member(site, req)
    const title = textField(req, 'title', 80)
    if (title === '') return back(site, req, res, 'title-missing')
    const detail = textField(req, 'detail', 500)
    await site.board.suggest({ title, detail, author: name, voter: id })
    back(site, req, res, 'suggested')
  }
}

/** @throws Rejection `credential_missing` for a visitor who is not signed in */
function member({ session }: BoardSite, req: Request): Visitor {
  const visitor = session.read(req)
  if (!visitor) throw new Rejection('credential_missing')
  return visitor
}

/** To the board at its own address: no credential stays in the address bar, no form is sent twice. */
function back({ format }: BoardSite, req: Request, res: Response, notice?: Notice): void {
  const query = new URLSearchParams()
  if (isEmbedded(req)) query.set('embed', 'true')
  if (notice) query.set('notice', notice)
  const { request } = req.params
  const anchor = request === undefined ? '' : `#request-${String(request)}`
  res.redirect(303, format.board + (query.size > 0 ? `?${query.toString()}` : '') + anchor)
}
