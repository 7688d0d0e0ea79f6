import type { IncomingMessage, ServerResponse } from 'node:http'
import { describeInBrowser } from '@countersign/browser-tests'
import { createExchange, createSigner, type ResponseData } from '@countersign/core'
import { NodeView } from '@countersign/core/node'
import { seggwat } from '@countersign/core/schemes'
import { people, show, type People } from './people'
import { tableOf } from './table'

const portal = seggwat({ projectKey: 'acme', secret: 'cookie-test-secret-0123456789-abcdefgh' })

/** Exchanges links at `/{lax|strict|frame}/{attributes}`. */
function exchange(req: IncomingMessage, url: URL): Promise<ResponseData | undefined> {
  const [, session, attributes = ''] = url.pathname.split('/')
  return createExchange<typeof portal, IncomingMessage>(portal, {
    ...{ session: session as 'lax', redirectTo: '/page' }, // one of its kinds
    establish: () => ({ cookies: [`session=1; Path=/; ${decodeURIComponent(attributes)}`] }),
  })(new NodeView(req, req as { readonly body?: unknown }, url.pathname + url.search, req))
}

/** Tells whether the session is there, on each page that is no exchange. */
async function respond(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const url = new URL(req.url ?? '', 'http://localhost')
  const exchanged = url.searchParams.has('token') ? await exchange(req, url) : undefined
  const isThere = req.headers.cookie === 'session=1'
  const { status, headers, body } = exchanged ?? {
    ...{ status: 200, headers: { 'content-type': 'text/html' } },
    body: `<!doctype html><title>${isThere ? 'yes' : 'no'}</title>`,
  }
  res.setHeader('access-control-allow-origin', req.headers.origin ?? '*')
  res.setHeader('access-control-allow-credentials', 'true')
  res.writeHead(status, headers).end(body)
}

type Way = (at: People, url: string) => Promise<string>

const navigated = async ({ page, portal: { origin } }: People): Promise<string> => {
  await page.waitForURL(`${origin}/page`)
  return page.title()
}
const link: Way = async (at, url) => {
  await show(at, `<a href="${url}">Portal</a>`)
  await at.page.click('a')
  return navigated(at)
}
const formPost: Way = async (at, url) => {
  await show(at, `<form method="post" action="${url}"><button>Portal</button></form>`)
  await at.page.click('button')
  return navigated(at)
}
const frame: Way = async (at, url) => {
  await show(at, `<iframe src="${url}"></iframe>`)
  const [, inner] = at.page.frames()
  await inner?.waitForURL(`${at.portal.origin}/page`)
  return (await inner?.title()) ?? ''
}
const fetched: Way = async ({ page }, url) => {
  const load = `fetch(${JSON.stringify(url)}, { credentials: 'include' })`
  const text = await page.evaluate<string>(`${load}.then((response) => response.text())`)
  return /<title>(.*)<\/title>/.exec(text)?.[1] ?? ''
}

/** The columns of the table. */
const WAYS: Readonly<Record<string, readonly [kind: string, Way]>> = {
  'link, lax': ['lax', link],
  'link, strict': ['strict', link],
  'form post, lax': ['lax', formPost],
  'form post, strict': ['strict', formPost],
  frame: ['frame', frame],
  fetch: ['lax', fetched],
}
const COOKIES = [
  'SameSite=Lax',
  'SameSite=Strict',
  'SameSite=None; Secure',
  'SameSite=None; Secure; Partitioned',
]

describeInBrowser('the session after an exchange, across sites', () => {
  const table = tableOf('sessions-and-frames.md', 'Which cookie survives')
  const cells = COOKIES.flatMap((cookie) => Object.keys(WAYS).map((way) => [cookie, way] as const))

  it('is in the document for each cookie and each way', () => {
    const named = Object.entries(table).flatMap(([cookie, row]) =>
      Object.keys(row).map((way) => [cookie, way]),
    )
    expect(named).toEqual(cells)
  })

  describe.each([
    ['allowed', false],
    ['blocked', true],
  ])('with third-party cookies %s', (name, blocksThirdPartyCookies) => {
    const at = people(respond, { blocksThirdPartyCookies })

    it.each(cells)('is as the document says: %s, %s', async (cookie, way) => {
      const [session, measure] = WAYS[way] as (typeof WAYS)[string] // one of them
      const { token } = await createSigner(portal).sign({ id: 'ada' })
      const url = `${at.portal.origin}/${session}/${encodeURIComponent(cookie)}?token=${token}`
      const stated = table[cookie]?.[way]
      const expected = stated === 'if allowed' ? (name === 'allowed' ? 'yes' : 'no') : stated
      expect(await measure(at, url)).toBe(expected)
    })
  })
})
