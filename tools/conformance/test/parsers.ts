import type { IncomingMessage } from 'node:http'
import { PassThrough } from 'node:stream'
import { text as textOf } from 'node:stream/consumers'
import { bodyParser as koaScoped } from '@koa/bodyparser'
import { keepRawBody } from '@countersign/express'
import type { RequestHandler } from 'express'
import type express from 'express'
import type { Middleware } from 'koa'
import { koaBody } from 'koa-body'
import koaBodyparser from 'koa-bodyparser'
import { answer, type NodeFramework, type Step } from '../src'

/** A way in which applications read bodies. Its handler responds with the user and what was read. */
export interface Parser {
  readonly name: string
  /** The parser and, last, the handler. */
  readonly steps: readonly Step[]
}

const respond = answer(({ user, body }) => ({
  id: user?.id,
  body: Buffer.isBuffer(body) ? body.toString('latin1') : body,
}))

const skip: Step = {
  express: () => (_req, _res, next) => next(),
  koa: () => (_ctx, next) => next(),
}

function forExpress(
  name: string,
  ...makers: readonly ((module: typeof express) => RequestHandler)[]
): Parser {
  return { name, steps: [...makers.map((make): Step => ({ ...skip, express: make })), respond] }
}

function forKoa(name: string, parser: Middleware): Parser {
  return { name, steps: [{ ...skip, koa: () => parser }, respond] }
}

/** Read in a handler, without a parser. */
function byHand(name: string, read: (req: IncomingMessage) => Promise<string>): Parser {
  const handler = answer(async ({ req, user }) => ({ id: user?.id, body: await read(req) }))
  return { name, steps: [handler] }
}

function byEvents(req: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    req.on('data', (piece) => (text += String(piece)))
    req.on('end', () => resolve(text)).on('error', reject)
  })
}

function byReading(req: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    req.on('readable', () => {
      for (let piece = req.read(); piece !== null; piece = req.read()) text += String(piece)
    })
    req.on('end', () => resolve(text)).on('error', reject)
  })
}

const anything = { type: () => true }

/** Parsers that keep the signed bytes, so that they can run before a guard. */
export const KEEPING: Readonly<Record<NodeFramework['family'], readonly Parser[]>> = {
  express: [
    forExpress(
      'express.json({ verify: keepRawBody })',
      ({ json }) => json({ verify: keepRawBody }),
      ({ urlencoded }) => urlencoded({ extended: true, verify: keepRawBody }),
    ),
    forExpress('express.raw()', ({ raw }) => raw(anything)),
    forExpress('express.text()', ({ text }) => text(anything)),
  ],
  koa: [
    forKoa('koa-bodyparser', koaBodyparser({ enableTypes: ['json', 'form', 'text'] })),
    forKoa('@koa/bodyparser', koaScoped()),
    forKoa('koa-body({ includeUnparsed: true })', koaBody({ includeUnparsed: true })),
  ],
}

/** Parsers behind which the signed bytes are gone. */
export const LOSING: Readonly<Record<NodeFramework['family'], Parser>> = {
  express: forExpress(
    'express.json() and express.urlencoded()',
    ({ json }) => json(),
    ({ urlencoded }) => urlencoded({ extended: true }),
  ),
  koa: forKoa('koa-body()', koaBody()),
}

/** Every way in which an application may read a body behind a guard. */
export function readersOf({ family }: NodeFramework): readonly Parser[] {
  return [
    ...KEEPING[family],
    LOSING[family],
    byHand('an iterator', (req) => textOf(req)),
    byHand('data events', byEvents),
    byHand('data events as text', (req) => byEvents(req.setEncoding('utf8'))),
    byHand('readable events', byReading),
    byHand('a pipe', (req) => textOf(req.pipe(new PassThrough()))),
  ]
}
