import { bodyParser as koaScoped } from '@koa/bodyparser'
import { keepRawBody } from '@countersign/express'
import { koaBody } from 'koa-body'
import koaBodyparser from 'koa-bodyparser'
import type { RequestHandler } from 'express'
import type express from 'express'
import type { Middleware } from 'koa'
import type { Step } from './transport-frameworks'

/** A way in which applications read bodies. */
export interface Parser {
  readonly name: string
  readonly step: Step
}

const nothing: Step = {
  express: () => (_req, _res, next) => next(),
  koa: () => (_ctx, next) => next(),
}

function forExpress(name: string, make: (module: typeof express) => RequestHandler): Parser {
  return { name, step: { ...nothing, express: make } }
}

function forKoa(name: string, make: () => Middleware): Parser {
  return { name, step: { ...nothing, koa: make } }
}

const anything = { type: () => true }

/** Parsers that read JSON and forms; `keeping` are those behind which the signed bytes are still there. */
export const PARSERS = {
  express: {
    keeping: [
      forExpress('express.json({ verify: keepRawBody })', (module) =>
        chain(
          module.json({ verify: keepRawBody }),
          module.urlencoded({ extended: true, verify: keepRawBody }),
        ),
      ),
      forExpress('express.raw()', (module) => module.raw(anything)),
      forExpress('express.text()', (module) => module.text(anything)),
    ],
    losing: [
      forExpress('express.json() and express.urlencoded()', (module) =>
        chain(module.json(), module.urlencoded({ extended: true })),
      ),
    ],
  },
  koa: {
    keeping: [
      forKoa('koa-bodyparser', () => koaBodyparser()),
      forKoa('@koa/bodyparser', () => koaScoped()),
      forKoa('koa-body({ includeUnparsed: true })', () => koaBody({ includeUnparsed: true })),
      forKoa('koa-bodyparser with text', () =>
        koaBodyparser({ enableTypes: ['json', 'form', 'text'] }),
      ),
    ],
    losing: [forKoa('koa-body()', () => koaBody())],
  },
} as const

function chain(first: RequestHandler, second: RequestHandler): RequestHandler {
  return (req, res, next) =>
    void first(req, res, (error) => (error ? next(error) : second(req, res, next)))
}
