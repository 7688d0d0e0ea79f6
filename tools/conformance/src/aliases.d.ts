// The older majors are installed under names of their own; for our tests their types are the same.
declare module 'express4' {
  import express from 'express'
  export = express
}

declare module 'koa2' {
  import Koa from 'koa'
  export = Koa
}

declare module 'fastify4' {
  import { fastify } from 'fastify'
  export default fastify
}
