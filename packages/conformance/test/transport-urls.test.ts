import { getPortalUser as expressUser, requireSignedUser as onExpress } from '@countersign/express'
import { requireSignedUser as onKoa } from '@countersign/koa'
import { openRaw, requestBytes, sendRaw, serveExpress, serveKoa, type RawHeader } from '../src'
import { ask, before, FRAMEWORKS, greet, guard, judge, running } from './transport-frameworks'
import { featkitQuery, now, portals } from './transport-kit'

describe.each(FRAMEWORKS)('the request as it was sent, on $name', (framework) => {
  it('TP-07 reads the query of an absolute request target, and nothing else of it', async () => {
    const query = await featkitQuery()
    const outcomes = await judge(
      framework,
      { portal: portals().featkit },
      { target: `http://evil.test/?${query}` },
      { target: `http://token=${query.slice(6)}@evil.test/` },
    )
    expect(outcomes).toEqual(['200', '401 credential_missing'])
  })

  it('TP-08 gives the same answers whatever the Host header says', async () => {
    expect(await answersTo(framework, [['Host', 'evil.com:fake@legit.com']])).toEqual(
      await answersTo(framework, [['Host', 'localhost']]),
    )
  })

  it('TP-09 gives the same answers whatever forwarding headers say', async () => {
    const forged: RawHeader[] = [
      ['X-Forwarded-Host', 'evil.test'],
      ['X-Forwarded-Proto', 'javascript'],
      ['X-Forwarded-For', '127.0.0.1'],
      ['Forwarded', 'host=evil.test;proto=http'],
      ['X-Original-URL', '/?token=a'],
      ['X-Rewrite-URL', '/?token=a'],
    ]
    expect(await answersTo(framework, forged)).toEqual(await answersTo(framework, []))
  })

  it('TP-10 takes a header called __proto__ in its stride, and leaves `headersDistinct` alone', async () => {
    const trap = before((req) =>
      Object.defineProperty(req, 'headersDistinct', {
        get() {
          throw new Error('headersDistinct was read')
        },
      }),
    )
    const request = { target: `/?${await featkitQuery()}`, headers: [['__proto__', 'x']] } as const
    const { status } = await ask(framework, [trap, guard(portals().featkit), greet], request)
    expect(status).toBe(200)
  })

  it('TP-11 leaves a URL or a header of 17 KB to Node, and goes on', async () => {
    const long = 'a'.repeat(17 * 1024)
    const good = { target: `/?${await featkitQuery()}` }
    await running(framework, [guard(portals().featkit), greet], async (port) => {
      const statuses = []
      for (const request of [
        { target: `/?token=${long}` },
        { target: '/', headers: [['X-Signature', long]] as const },
        good,
      ]) {
        statuses.push((await sendRaw(port, request)).status)
      }
      expect(statuses).toEqual([431, 431, 200])
    })
  })

  it('TP-13 leaves a folded header and a NUL in a header to Node', async () => {
    const trial = [guard(portals().fdback), greet]
    await running(framework, trial, async (port) => {
      for (const value of ['aa\r\n bb', 'aa\0bb']) {
        const connection = await openRaw(port)
        connection.write(`POST / HTTP/1.1\r\nHost: a\r\nX-Signature: ${value}\r\n\r\n`)
        expect((await connection.answer('POST')).status).toBe(400)
        connection.abort()
      }
      const connection = await openRaw(port)
      connection.write(requestBytes({ method: 'POST', target: '/' }))
      expect((await connection.answer('POST')).status).toBe(401)
      connection.abort()
    })
  })

  /** What a signed user and a stranger are answered, without the date. */
  async function answersTo(on: (typeof FRAMEWORKS)[number], headers: readonly RawHeader[]) {
    const steps = [guard(portals().featkit), greet]
    return running(on, steps, async (port) => {
      const answers = []
      for (const target of [`/?${await featkitQuery()}`, '/', '/?token=x']) {
        const { status, body, rawHeaders } = await sendRaw(port, { target, headers })
        answers.push({ status, body, headers: rawHeaders.filter(([name]) => name !== 'Date') })
      }
      expect(answers.map(({ status }) => status)).toEqual([200, 401, 401])
      return answers
    })
  }
})

describe.each([4, 5] as const)('an application on Express %i', (major) => {
  it.each([
    ['no query parser', false],
    ['a query parser of its own', () => ({ token: 'forged', 'token[]': [] })],
  ])('TP-05 gets the same verdicts with %s', async (_name, parser) => {
    const server = await serveExpress(major, (app) => {
      app.set('query parser', parser)
      app.use(onExpress(portals().featkit, { now }), (req, res) => void res.json(req.portalUser))
    })
    const query = await featkitQuery()
    const statuses = []
    for (const target of [`/?${query}`, `/?${query}&token=b`, '/?token=%ff', '/']) {
      statuses.push((await sendRaw(server.port, { target })).status)
    }
    await server.close()
    expect(statuses).toEqual([200, 400, 401, 401])
  })

  it('TP-06 reads the URL as it was sent where a router has shortened it', async () => {
    const server = await serveExpress(major, (app, express) => {
      const inner = express.Router()
      inner.use('/deep', onExpress(portals().featkit, { now }), (req, res) => {
        res.json({ id: expressUser(req).id, url: req.url })
      })
      const outer = express.Router()
      outer.use('/portal', inner)
      app.use(outer)
    })
    const query = await featkitQuery()
    const answer = await sendRaw(server.port, { target: `/portal/deep?${query}` })
    await server.close()
    expect(answer.status).toBe(200)
    expect(JSON.parse(answer.body)).toEqual({ id: 'u-1', url: `/?${query}` })
  })

  it('TP-06 reads the URL as it was sent where somebody has written another', async () => {
    const server = await serveExpress(major, (app) => {
      app.use((req, _res, next) => ((req.url = '/portal?token=of-another-router'), next()))
      app.use('/portal', onExpress(portals().featkit, { now }), (req, res) => {
        res.json({ id: expressUser(req).id, url: req.url })
      })
    })
    const answer = await sendRaw(server.port, { target: `/old?${await featkitQuery()}` })
    await server.close()
    expect(answer.status).toBe(200)
    expect(JSON.parse(answer.body)).toEqual({ id: 'u-1', url: '/?token=of-another-router' })
  })
})

describe.each([2, 3] as const)('an application on Koa %i', (major) => {
  it('TP-05 gets the same verdicts where `ctx.query` is read by another parser', async () => {
    const server = await serveKoa(major, (app) => {
      Object.defineProperty(app.context, 'query', { get: () => ({ token: 'forged' }) })
      app.use(onKoa(portals().featkit, { now })).use((ctx) => void (ctx.body = ctx.query))
    })
    const query = await featkitQuery()
    const statuses = []
    for (const target of [`/?${query}`, `/?${query}&token=b`, '/?token=%ff', '/']) {
      statuses.push((await sendRaw(server.port, { target })).status)
    }
    await server.close()
    expect(statuses).toEqual([200, 400, 401, 401])
  })

  it('TP-06 reads the URL as it was sent where a mount has rewritten path and query', async () => {
    const server = await serveKoa(major, (app) => {
      app.use((ctx, next) => {
        ctx.path = ctx.path.replace(/^\/portal/, '') || '/'
        ctx.querystring = 'token=of-another-router'
        return next()
      })
      app.use(onKoa(portals().featkit, { now }))
      app.use((ctx) => void (ctx.body = { id: ctx.state['portalUser'].id, path: ctx.path }))
    })
    const answer = await sendRaw(server.port, { target: `/portal?${await featkitQuery()}` })
    await server.close()
    expect(answer.status).toBe(200)
    expect(JSON.parse(answer.body)).toEqual({ id: 'u-1', path: '/' })
  })
})
