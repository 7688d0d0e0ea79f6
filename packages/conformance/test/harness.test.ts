import { readFileSync } from 'node:fs'
import { openRaw, requestBytes, sendRaw, serveExpress, serveKoa, type RunningServer } from '../src'

/** What an app saw of a request, as JSON. */
interface Seen {
  readonly method: string
  readonly url: string
  readonly rawHeaders: readonly string[]
  readonly bodyHex: string
}

describe('the raw client', () => {
  let server: RunningServer
  beforeAll(async () => {
    server = await serveExpress(5, (app, express) => {
      app.use(express.raw({ type: () => true }), (req, res) => {
        const bodyHex = Buffer.isBuffer(req.body) ? req.body.toString('hex') : ''
        res.json({ method: req.method, url: req.url, rawHeaders: req.rawHeaders, bodyHex })
      })
    })
  })
  afterAll(() => server.close())

  it('sends target, header names, their order, duplicates and body bytes as they are', async () => {
    const answer = await sendRaw(server.port, {
      method: 'POST',
      target: '/a//b?x=%7A&x=\'"<>',
      headers: [
        ['X-B', 'one'],
        ['x-a', '\u00e9\u00ff'],
        ['X-B', 'two'],
      ],
      body: Buffer.from([0, 255, 13, 10]),
    })
    expect(answer.status).toBe(200)
    expect(JSON.parse(answer.body)).toEqual({
      method: 'POST',
      url: '/a//b?x=%7A&x=\'"<>',
      rawHeaders: 'Host localhost X-B one x-a \u00e9\u00ff X-B two Content-Length 4'.split(' '),
      bodyHex: '00ff0d0a',
    } satisfies Seen)
  })

  it('sends a list of pieces as a chunked body', async () => {
    const { body } = await sendRaw(server.port, {
      method: 'POST',
      target: '/',
      body: ['ab', Buffer.from('c')],
    })
    const seen = JSON.parse(body) as Seen
    expect(seen.rawHeaders).toEqual(['Host', 'localhost', 'Transfer-Encoding', 'chunked'])
    expect(seen.bodyHex).toBe('616263')
  })

  it('reads several answers from one connection', async () => {
    const connection = await openRaw(server.port)
    for (const target of ['/1', '/2']) connection.write(requestBytes({ target }))
    const urls = [await connection.answer(), await connection.answer()].map(
      ({ body }) => (JSON.parse(body) as Seen).url,
    )
    connection.abort()
    expect(urls).toEqual(['/1', '/2'])
  })

  it('reads an answer to HEAD, which has a length and no body', async () => {
    const answer = await sendRaw(server.port, { method: 'HEAD', target: '/' })
    expect(answer.status).toBe(200)
    expect(answer.headers['content-length']).not.toBe('0')
    expect(answer.body).toBe('')
  })

  it('refuses to send a character that is more than one byte', async () => {
    const request = { target: '/', headers: [['x', '\u0161']] } as const
    await expect(sendRaw(server.port, request)).rejects.toThrow(RangeError)
  })

  it('sees what the parser of Node answers to bytes that no header may hold', async () => {
    for (const value of ['a\0b', 'a\rb']) {
      const answer = await sendRaw(server.port, { target: '/', headers: [['x', value]] })
      expect(answer.status).toBe(400)
    }
  })
})

describe('the servers', () => {
  it('are Express 4 and 5, Koa 2 and 3', async () => {
    const versions = ['express4', 'express', 'koa2', 'koa'].map((name) => {
      const file = readFileSync(require.resolve(`${name}/package.json`), 'utf8')
      return (JSON.parse(file) as { readonly version: string }).version
    })
    expect(versions.map((version) => version.split('.')[0])).toEqual(['4', '5', '2', '3'])
  })

  it('answer as the app says, and are gone once closed', async () => {
    const servers = await Promise.all([
      serveExpress(4, (app) => app.get('/', (_req, res) => void res.send('4'))),
      serveExpress(5, (app) => app.get('/', (_req, res) => void res.send('5'))),
      serveKoa(2, (app) => app.use((ctx) => void (ctx.body = '2'))),
      serveKoa(3, (app) => app.use((ctx) => void (ctx.body = '3'))),
    ])
    const answers = await Promise.all(servers.map(({ port }) => sendRaw(port, { target: '/' })))
    expect(answers.map(({ body }) => body)).toEqual(['4', '5', '2', '3'])
    await Promise.all(servers.map((server) => server.close()))
    for (const { port } of servers) {
      await expect(sendRaw(port, { target: '/' })).rejects.toThrow('ECONNREFUSED')
    }
  })
})
