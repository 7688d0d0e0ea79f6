import { freePort } from '@countersign/test-servers'
import { blocksOf, example, examplesOf } from './documents'
import { programs } from './programs'

const PAGE = 'docs/getting-started.md'
const PORTAL_SECRET = 'the secret that the two programs share'
const { start, stop } = programs()
const answers = blocksOf(PAGE)
  .filter(({ language }) => language === 'json')
  .map(({ code }) => JSON.parse(code) as unknown)

afterAll(stop)

async function bothSides(app: string, portal: string): Promise<Record<'app' | 'portal', string>> {
  const ports = { app: String(await freePort()), portal: String(await freePort()) }
  const PORTAL_URL = `http://127.0.0.1:${ports.portal}`
  const said = await Promise.all([
    start(example(PAGE, app), { PORT: ports.app, PORTAL_SECRET, PORTAL_URL }),
    start(example(PAGE, portal), { PORT: ports.portal, PORTAL_SECRET }),
  ])
  const [appUrl, portalUrl] = said.map((line) => line.replace(/^\w+: /, ''))
  return { app: appUrl ?? '', portal: portalUrl ?? '' }
}

describe('getting started', () => {
  it.each([
    ['Express', 'express-app.mjs', 'express-portal.mjs', 0],
    ['Koa', 'koa-app.mjs', 'koa-portal.mjs', 4],
  ])(
    'has an app and a portal for %s that respond as the page says',
    async (...row) => {
      const [, app, portal, first] = row
      const urls = await bothSides(app, portal)
      const signedIn = await fetch(urls.app)
      expect(signedIn.status).toBe(200)
      expect(await signedIn.json()).toEqual(answers[first])
      const refused = await fetch(urls.portal)
      expect(refused.status).toBe(401)
      expect(await refused.json()).toEqual(answers[first + 1])
    },
    60_000,
  )

  it.each([['Express', 'express-both.cjs', 3]])(
    'has both sides for %s in one CommonJS program',
    async (_, file, index) => {
      const url = await start(example(PAGE, file), {
        PORT: String(await freePort()),
        PORTAL_SECRET,
      })
      const signedIn = await fetch(url)
      expect(signedIn.status).toBe(200)
      expect(await signedIn.json()).toEqual(answers[index])
      const refused = await fetch(new URL('/p/acme', url))
      expect(refused.status).toBe(401)
    },
    60_000,
  )

  it('has these programs and no others', () => {
    const files = ['express-app.mjs', 'express-portal.mjs', 'express-both.cjs']
    const more = ['koa-app.mjs', 'koa-portal.mjs']
    expect(examplesOf(PAGE).map(({ file }) => file)).toEqual([...files, ...more])
  })
})
