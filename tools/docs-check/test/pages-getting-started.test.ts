import { Server } from 'node:http'
import { freePort } from '@countersign/test-servers'
import { blocksOf, example, examplesOf } from './documents'
import { run } from './run'

const PAGE = 'docs/getting-started.md'
const answers = blocksOf(PAGE)
  .filter(({ language }) => language === 'json')
  .map(({ code }) => JSON.parse(code) as unknown)

const servers: Server[] = []
const { listen } = Server.prototype

beforeAll(() => {
  process.env['PORTAL_SECRET'] = 'the secret that the two programs share'
  jest.spyOn(Server.prototype, 'listen').mockImplementation(function (this: Server, ...args) {
    servers.push(this)
    return listen.apply(this, args)
  })
})
afterAll(() => {
  for (const server of servers) server.close()
  jest.restoreAllMocks()
})

/** Starts a program of the page. Returns the address that it prints. */
function start(file: string, port: number, portalUrl = ''): Promise<string> {
  Object.assign(process.env, { PORT: String(port), PORTAL_URL: portalUrl })
  return new Promise((resolve) => {
    const print = (line: string) => resolve(line.replace(/^\w+: /, ''))
    jest.spyOn(console, 'log').mockImplementation(print)
    run(example(PAGE, file))
  })
}

describe('getting started', () => {
  it.each([
    ['Express', 'express-app.mjs', 'express-portal.mjs', 0],
    ['Koa', 'koa-app.mjs', 'koa-portal.mjs', 4],
  ])('has an app and a portal for %s that respond as the page says', async (...row) => {
    const [, app, portal, first] = row
    const port = await freePort()
    const portalUrl = await start(portal, port)
    const signedIn = await fetch(await start(app, await freePort(), `http://127.0.0.1:${port}`))
    expect([signedIn.status, await signedIn.json()]).toEqual([200, answers[first]])
    const refused = await fetch(portalUrl)
    expect([refused.status, await refused.json()]).toEqual([401, answers[first + 1]])
  })

  it('has both sides for Express in one CommonJS program', async () => {
    const url = await start('express-both.cjs', await freePort())
    const signedIn = await fetch(url)
    expect([signedIn.status, await signedIn.json()]).toEqual([200, answers[3]])
    expect((await fetch(new URL('/p/acme', url))).status).toBe(401)
  })

  it('has these programs and no others', () => {
    const files = ['express-app.mjs', 'express-portal.mjs', 'express-both.cjs']
    const more = ['koa-app.mjs', 'koa-portal.mjs']
    expect(examplesOf(PAGE).map(({ file }) => file)).toEqual([...files, ...more])
  })
})
