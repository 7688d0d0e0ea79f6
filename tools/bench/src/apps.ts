import { createSecretKey } from 'node:crypto'
import type { RequestListener } from 'node:http'
import express, { type RequestHandler } from 'express'
import { expressjwt } from 'express-jwt'
import Koa, { type Middleware } from 'koa'
import koaJwt from 'koa-jwt'
import * as onExpress from '@countersign/express'
import * as onKoa from '@countersign/koa'
import { portals, SECRET } from './cases'
import { straightFeatKit } from './straight-line'

/** One server to send requests to. */
export interface App {
  readonly framework: 'Express 5' | 'Koa 3'
  readonly guard: string
  /** Whose links it is sent. */
  readonly links: 'featkit' | 'jwt'
  listener(): RequestListener
}

const keyObject = createSecretKey(Buffer.from(SECRET))
const nothing = 'nothing (bare)'
const BY_HAND = 'straight-line, FeatKit'

const express5 = (guard: string, links: App['links'], handlers: () => RequestHandler[]): App => ({
  framework: 'Express 5',
  guard,
  links,
  listener() {
    const app = express()
    app.get('/p/:page', ...handlers(), (_req, res) => res.json({ hello: 'world' }))
    return app.set('env', 'test') // a refusal of express-jwt is an error, and would be printed
  },
})

const expressJwt = (secret: string | typeof keyObject): RequestHandler =>
  expressjwt({
    secret,
    algorithms: ['HS256'],
    getToken: (req) => req.query['token'] as string, // one parameter is text
  })

const koa3 = (guard: string, links: App['links'], handlers: () => Middleware[]): App => ({
  framework: 'Koa 3',
  guard,
  links,
  listener() {
    const app = new Koa()
    app.silent = true
    for (const handler of handlers()) app.use(handler)
    app.use((ctx) => {
      ctx.body = { hello: 'world' }
    })
    const handle = app.callback()
    return (req, res) => void handle(req, res)
  },
})

const jwtOnKoa = (secret: string | typeof keyObject): Middleware =>
  koaJwt({
    secret: secret as string, // a KeyObject works too, though its types do not say so
    algorithms: ['HS256'],
    getToken: (ctx) => ctx.query['token'] as string, // one parameter is text
  })

const straight = straightFeatKit(SECRET)

/** What a careful developer writes instead of a guard, with the framework's own parser. */
const byHandOnExpress: RequestHandler = (req, res, next) => {
  const user = straight(req.query['token'] as string) // one parameter is text
  if (!user) return void res.sendStatus(401)
  res.locals['user'] = user
  next()
}

const byHandOnKoa: Middleware = (ctx, next) => {
  const user = straight(ctx.query['token'] as string) // one parameter is text
  if (!user) return ctx.throw(401)
  ctx.state['user'] = user
  return next()
}

/** By the name that tells a server process what to be. The bare ones come first. */
export const apps: Readonly<Record<string, App>> = {
  express: express5(nothing, 'jwt', () => []),
  'express-featkit': express5('Countersign, FeatKit', 'featkit', () => [
    onExpress.requireSignedUser(portals.featkit()) as RequestHandler, // its locals are narrower
  ]),
  'express-jwt': express5('Countersign, SeggWat JWT', 'jwt', () => [
    onExpress.requireSignedUser(portals.jwt()) as RequestHandler, // its locals are narrower
  ]),
  'express-by-hand': express5(BY_HAND, 'featkit', () => [byHandOnExpress]),
  'express-express-jwt-key': express5('express-jwt 8, KeyObject', 'jwt', () => [
    expressJwt(keyObject),
  ]),
  'express-express-jwt': express5('express-jwt 8, string', 'jwt', () => [expressJwt(SECRET)]),
  koa: koa3(nothing, 'jwt', () => []),
  'koa-featkit': koa3('Countersign, FeatKit', 'featkit', () => [
    onKoa.requireSignedUser(portals.featkit()),
  ]),
  'koa-jwt': koa3('Countersign, SeggWat JWT', 'jwt', () => [
    onKoa.requireSignedUser(portals.jwt()),
  ]),
  'koa-by-hand': koa3(BY_HAND, 'featkit', () => [byHandOnKoa]),
  'koa-koa-jwt-key': koa3('koa-jwt 4, KeyObject', 'jwt', () => [jwtOnKoa(keyObject)]),
  'koa-koa-jwt': koa3('koa-jwt 4, string', 'jwt', () => [jwtOnKoa(SECRET)]),
}
