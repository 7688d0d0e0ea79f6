// koa-bodyparser comes without types; this is as much of it as the tests use.
declare module 'koa-bodyparser' {
  import type { Middleware } from 'koa'

  function bodyParser(options?: { readonly enableTypes?: readonly string[] }): Middleware
  export = bodyParser
}
