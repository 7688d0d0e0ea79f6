// These packages come without types; here are the ones that the tests use.
declare module 'compression' {
  import type { RequestHandler } from 'express'

  function compression(): RequestHandler
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
