import type { RequestListener } from 'node:http'

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
