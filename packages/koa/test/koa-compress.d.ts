// The package has no types; these are the ones that the tests use.
declare module 'koa-compress' {
  import type { Middleware } from 'koa'

  function compress(): Middleware
  export = compress
}
