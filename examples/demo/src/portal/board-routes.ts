import { Rejection } from '@countersign/express'
import express, { type Request, type RequestHandler, type Response, type Router } from 'express'
import type { Board } from '../data/board'
import { toText } from '../html'
import { arrival, type Arrival } from './arrival'
import { boardPage } from './board-page'
import { isEmbedded } from './embedding'
import { textField } from './fields'
import { NotFound } from './not-found'
import { noticeText, type Notice } from './notices'
import type { Visitor } from './visitor'

export interface BoardSite extends Arrival {
  readonly board: Board
  readonly appOrigin: string
  readonly ownPagesOnly: RequestHandler
}

/** A board: everyone may read, signed users take part. */
export function boardRoutes(site: BoardSite): Router {
  const { session, ownPagesOnly } = site
  const form = [ownPagesOnly, express.urlencoded(), sameUser(site)]
  return express
    .Router()
    .all('/', arrival(site))
    .get('/', (req, res) => show(site, req, res))
    .post('/:request/vote', form, vote(site))
    .post('/:request/comment', form, comment(site))
    .post('/suggest', form, suggest(site))
    .post('/leave', form, (req: Request, res: Response) => {
      session.end(res)
      back(site, req, res)
    })
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
    const counted = await site.board.vote(requestId(req), id)
    if (counted === null) throw new NotFound()
    back(site, req, res, counted ? 'voted' : 'voted-before')
  }
}

function comment(site: BoardSite): RequestHandler {
  return async (req, res) => {
    const { name } = member(site, req)
    const body = textField(req, 'body', 500)
    if (body === '') return back(site, req, res, 'comment-missing')
    if (!(await site.board.comment(requestId(req), name, body))) throw new NotFound()
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

function requestId(req: Request): number {
  const id = req.params['request']
  if (typeof id !== 'string' || !/^\d{1,9}$/.test(id)) throw new NotFound()
  return Number(id)
}

/** To the board at its own address: no credential stays in the address bar, no form is sent twice. */
function back({ format }: BoardSite, req: Request, res: Response, notice?: Notice): void {
  const query = new URLSearchParams()
  if (isEmbedded(req)) query.set('embed', 'true')
  if (notice) query.set('notice', notice)
  const anchor = notice && req.params['request'] ? `#request-${requestId(req)}` : ''
  res.redirect(303, format.board + (query.size > 0 ? `?${query.toString()}` : '') + anchor)
}
