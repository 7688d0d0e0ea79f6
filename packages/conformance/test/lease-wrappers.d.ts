// These come without types; this is as much of them as the tests use.
declare module 'compression' {
  import type { RequestHandler } from 'express'

  function compression(options?: { readonly threshold?: number }): RequestHandler
  export = compression
}

declare module 'express-session' {
  import type { RequestHandler } from 'express'

  function session(options: {
    readonly secret: string
    readonly resave: boolean
    readonly saveUninitialized: boolean
  }): RequestHandler
  export = session
}

declare module 'koa-compress' {
  import type { Middleware } from 'koa'

  function compress(options?: { readonly threshold?: number }): Middleware
  export = compress
}
