// The older major is installed under a name of its own; for our tests its types are the same.
declare module 'koa2' {
  import Koa = require('koa')
  export = Koa
}
