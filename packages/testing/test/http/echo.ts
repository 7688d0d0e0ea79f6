import type { RequestListener } from 'node:http'
import fastify, { type FastifyInstance } from 'fastify'
import type Koa3 from 'koa'

/** What arrived, to the byte. */
export interface Echo {
  readonly method: string
  readonly url: string
  readonly rawHeaders: readonly string[]
  /** In hex. */
  readonly body: string
  readonly port: number
}

/** Answers with what arrived. */
export const echo: RequestListener = (req, res) => {
  const chunks: Buffer[] = []
  req.on('data', (chunk: Buffer) => chunks.push(chunk))
  req.on('end', () => {
    const { method, url, rawHeaders, socket } = req
    const body = Buffer.concat(chunks).toString('hex')
    res.statusCode = 200 // Koa has set another
    res.setHeader('content-type', 'application/json')
    res.setHeader('set-cookie', ['a=1', 'b=2'])
    res.end(JSON.stringify({ method, url, rawHeaders, body, port: socket.remotePort }))
  })
}

export const koaApp = (Koa: typeof Koa3): Koa3 =>
  new Koa().use((ctx) => {
    ctx.respond = false
    echo(ctx.req, ctx.res)
  })

/** The body is left to the echo, and the answer is its own. */
export function fastifyApp(): FastifyInstance {
  const app = fastify({ exposeHeadRoutes: false })
  app.addHook('onRequest', (req, reply, _done) => {
    reply.hijack()
    echo(req.raw, reply.raw)
  })
  return app
}
