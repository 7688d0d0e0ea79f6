import './environment' // first: the app reads it when it is loaded
import type { IncomingMessage, ServerResponse } from 'node:http'
import { describeInBrowser } from '@countersign/browser-tests'
import { createExchange, createSigner, memoryReplayStore } from '@countersign/core'
import { NodeView } from '@countersign/core/node'
import { harlyy } from '@countersign/core/schemes'
import { app } from '../src/app'
import { portal } from '../src/portal'
import { people, show, type People } from './people'

/** As behind a proxy with TLS: browsers take `Secure` cookies from loopback. */
const seen: { readonly url: string; readonly referer: string | undefined }[] = []
function behindProxy(req: IncomingMessage, res: ServerResponse): void {
  seen.push({ url: req.url ?? '', referer: req.headers.referer })
  req.headers['x-forwarded-proto'] = 'https'
  app(req, res)
}

async function linkTo({ portal: site }: People, embed = false): Promise<string> {
  const { url } = await createSigner({ ...portal, baseUrl: site.origin }).sign(
    { id: 'ada' },
    { embed },
  )
  return url
}

describeInBrowser('a portal, in a browser that blocks third-party cookies', () => {
  const at = people(behindProxy, { blocksThirdPartyCookies: true })

  it('knows the user of a link, and keeps the credential out of address, history and `Referer`', async () => {
    await show(at, `<a href="${await linkTo(at)}">Portal</a>`)
    const before = await at.page.evaluate<number>('history.length')
    seen.length = 0
    await at.page.click('a')
    await at.page.getByRole('heading', { name: 'ada' }).waitFor()
    expect(at.page.url()).toBe(`${at.portal.origin}/p/acme`)
    expect(await at.page.evaluate('history.length')).toBe(before + 1)
    expect(seen.map(({ referer = '' }) => referer).join()).not.toContain('token')
    await at.page.reload()
    await at.page.getByRole('heading', { name: 'ada' }).waitFor()
    await at.page.goBack()
    expect(at.page.url()).toBe(`${at.app.origin}/`)
  })

  it('knows the user in an iframe, with a cookie of its own', async () => {
    await show(at, `<iframe src="${await linkTo(at, true)}"></iframe>`)
    await at.page.frameLocator('iframe').getByRole('heading', { name: 'ada' }).waitFor()
    const cookies = await at.context.cookies(at.portal.origin)
    expect(cookies.map(({ name, secure }) => [name, secure])).toEqual([['frame', true]])
  })

  it('tells the page around it that a link has expired', async () => {
    const yesterday = () => Date.now() - 86_400_000
    const signer = createSigner({ ...portal, baseUrl: at.portal.origin }, { now: yesterday })
    const { url } = await signer.sign({ id: 'ada' }, { embed: true })
    await at.page.evaluate('onmessage = ({ data }) => (document.title = data)')
    await show(at, `<iframe src="${url}"></iframe>`)
    await at.page.frameLocator('iframe').getByText('has expired').waitFor()
    expect(await at.page.title()).toBe('countersign:expired')
  })

  it('says so where the browser has kept the cookie out', async () => {
    await show(at, `<iframe src="${at.portal.origin}/p/acme?embed=true&signed-in"></iframe>`)
    const text = at.page.frameLocator('iframe').getByText('has not kept our cookie')
    expect(await text.innerText()).toContain('in a tab of its own')
  })
})

describeInBrowser('a one-time link', () => {
  const surveys = harlyy({
    businessId: 'acme',
    surveyId: 's',
    secret: 'one-time-test-secret-0123456789-abcdef',
  })
  const origins: (string | undefined)[] = []
  let exchange: ReturnType<typeof exchangeOf>
  const exchangeOf = () =>
    createExchange<typeof surveys, IncomingMessage>(surveys, {
      establish: () => ({ cookies: ['session=1; Path=/; SameSite=Strict'] }),
      replayStore: memoryReplayStore(),
      session: 'strict',
      redirectTo: '/thanks',
    })
  beforeEach(() => {
    exchange = exchangeOf()
    origins.length = 0
  })

  const at = people(async (req, res) => {
    const response = await exchange(
      new NodeView(req, req as { readonly body?: unknown }, req.url ?? '', req),
    )
    if (req.method === 'POST') origins.push(req.headers.origin)
    const { status, headers, body } = response ?? {
      ...{ status: 200, headers: {}, body: `cookie: ${req.headers.cookie}` },
    }
    res.writeHead(status, headers).end(body)
  })

  it('is used up by the button of a page that needs no script, and not before', async () => {
    const { url } = await createSigner({ ...surveys, baseUrl: at.portal.origin }).sign({})
    const scanner = await at.context.newPage()
    await scanner.goto(url) // a mail scanner is a browser, too
    await scanner.close()
    await show(at, `<a href="${url}">Survey</a>`)
    await at.page.click('a')
    await at.page.getByRole('button', { name: 'Continue' }).click()
    await at.page.waitForURL(`${at.portal.origin}/thanks`)
    expect(await at.page.textContent('body')).toBe('cookie: session=1')
    expect(origins).toEqual([at.portal.origin]) // as checks against forged requests want it
    expect((await at.page.goto(url))?.status()).toBe(401)
  })
})
