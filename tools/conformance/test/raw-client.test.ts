import { readFileSync } from 'node:fs'
import { sendRaw, serveExpress, type RunningServer } from '../src'

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

  it('sends the target, header names, their order, duplicates and body bytes unchanged', async () => {
    const { status, body } = await sendRaw(server.port, {
      method: 'POST',
      target: '/a//b?x=%7A&x=\'"<>',
      headers: [
        ['X-B', 'one'],
        ['x-a', '\u00e9\u00ff'],
        ['X-B', 'two'],
      ],
      body: Buffer.from([0, 255, 13, 10]),
    })
    expect([status, JSON.parse(body)]).toEqual([
      200,
      {
        method: 'POST',
        url: '/a//b?x=%7A&x=\'"<>',
        rawHeaders: 'Host localhost X-B one x-a \u00e9\u00ff X-B two Content-Length 4'.split(' '),
        bodyHex: '00ff0d0a',
      } satisfies Seen,
    ])
  })

  it('sends a list of pieces as a chunked body', async () => {
    const request = { method: 'POST', target: '/', body: ['ab', Buffer.from('c')] }
    const { rawHeaders, bodyHex } = JSON.parse((await sendRaw(server.port, request)).body) as Seen
    expect(rawHeaders).toEqual(['Host', 'localhost', 'Transfer-Encoding', 'chunked'])
    expect(bodyHex).toBe('616263')
  })

  it('refuses to send a character that is more than one byte', async () => {
    const request = { target: '/', headers: [['x', '\u0161']] } as const
    await expect(sendRaw(server.port, request)).rejects.toThrow(RangeError)
  })
})

it('the servers are Express 4 and 5, Koa 2 and 3', () => {
  const majors = ['express4', 'express', 'koa2', 'koa'].map((name) => {
    const file = readFileSync(require.resolve(`${name}/package.json`), 'utf8')
    return (JSON.parse(file) as { readonly version: string }).version.split('.')[0]
  })
  expect(majors).toEqual(['4', '5', '2', '3'])
})
