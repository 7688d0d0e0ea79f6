import './environment' // first: the portal reads it when it is loaded
import type { IncomingMessage } from 'node:http'
import { describeInBrowser } from '@countersign/browser-tests'
import { createSignEndpoint } from '@countersign/core'
import { NodeView } from '@countersign/core/node'
import { app as portalSite } from '../src/express-session'
import { portal } from '../src/portal'
import { people, type Listener, type People } from './people'

/** The app: its sign endpoint at `/feedback`, and its login, which sends the user on. */
const app: Listener = async (req, res) => {
  const { pathname, searchParams } = new URL(req.url ?? '/', at.app.origin)
  if (pathname === '/login' && req.method === 'POST') {
    const location = searchParams.get('return_to') ?? '/'
    return res.writeHead(303, { 'set-cookie': 'user=ada; SameSite=Lax; Path=/', location }).end()
  }
  if (pathname !== '/feedback') {
    const form = '<form method="post"><button>Log in</button></form>'
    return res
      .setHeader('content-type', 'text/html')
      .end(`<!doctype html><title>App</title>${form}`)
  }
  const view = new NodeView(req, req as { readonly body?: unknown }, req.url ?? '/', req)
  const { status, headers, body } = await endpoint()(view)
  return res.writeHead(status, headers).end(body)
}

const endpoint = () =>
  createSignEndpoint<typeof portal, IncomingMessage>(
    { ...portal, baseUrl: at.portal.origin },
    {
      user: (req) => (req.headers.cookie === 'user=ada' ? { id: 'ada' } : null),
      respond: 'redirect',
      signedOut: '/login',
      returnTo: { parameter: 'return_to', allow: [at.portal.origin], passAs: 'return_to' },
    },
  )

let at: People

describeInBrowser('"log in with your app" on a portal', () => {
  at = people(portalSite, { appListener: app })
  const asking = () => `${at.app.origin}/feedback?return_to=${encodeURIComponent('/p/acme?idea=7')}`

  /** Follows a link on a page of the portal. */
  async function follow(url: string): Promise<void> {
    await at.page.goto(`${at.portal.origin}/p/acme`)
    await at.page.evaluate(`document.body.innerHTML = '<a href="${url}">Log in with your app</a>'`)
    await at.page.getByRole('link').click()
  }
  const expectThere = async (): Promise<void> => {
    await at.page.waitForURL(`${at.portal.origin}/p/acme?idea=7`)
    expect(await at.page.textContent('body')).toContain('"id":"ada"')
  }

  it('leads through the login of the app, and back to the page of the portal', async () => {
    await follow(asking())
    await at.page.getByRole('button', { name: 'Log in' }).click()
    await expectThere()
  })

  it('leads straight back with a session of the app', async () => {
    await at.context.addCookies([
      { name: 'user', value: 'ada', url: at.app.origin, sameSite: 'Lax' },
    ])
    await follow(asking())
    await expectThere()
  })
})
