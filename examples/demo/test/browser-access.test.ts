import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import { axeFindings, describeInBrowser, overflows, picture } from './chromium'
import { visitInBrowser } from './in-browser'
import { choose, known, newTab, press, said, signIn, voteFor, votes } from './person'

jest.setTimeout(60_000)

const LOOKS = [
  ['light', 1200],
  ['dark', 1200],
  ['light', 320],
] as const

describeInBrowser('everybody at the demo', () => {
  const visit = visitInBrowser()

  /** Every kind of page, one after the other. */
  async function* pages(): AsyncGenerator<[string, Page]> {
    const { context, demo, page } = visit
    await page.goto(demo.appOrigin)
    yield ['app-signed-out', page]
    await signIn(page, demo.appOrigin, 'Ada Okafor')
    yield ['app', page]
    await press(page, 'One-time link')
    const follow = page.getByRole('link', { name: 'Open it' })
    const survey = await newTab(context, follow.click())
    yield ['app-link', page]
    yield ['survey', survey]
    await survey.getByRole('radio', { name: '3 All right' }).check()
    await survey.getByRole('button', { name: 'Send my answer' }).click()
    await survey.getByRole('heading', { name: 'Thank you.' }).waitFor()
    yield ['thanks', survey]
    yield ['used', await newTab(context, follow.click())]
    const board = await newTab(context, press(page, 'Signed link'))
    await voteFor(board, 'Dark mode').click()
    await board.getByRole('status').filter({ hasText: /\w/ }).waitFor()
    await board.locator('summary').first().click()
    yield ['board', board]
    await press(page, 'JWT')
    await known(page.frameLocator('iframe')).waitFor()
    yield ['app-frame', page]
    await choose(page, 'One letter changed')
    await press(page, 'Signed request')
    await page.getByRole('alert').waitFor()
    yield ['app-refused', page]
    yield ['refused', await newTab(context, press(page, 'Signed link'))]
    await page.goto(`${demo.portalOrigin}/fdback/board`)
    yield ['visitor', page]
    await page.goto(demo.portalOrigin)
    yield ['portal', page]
  }

  it.each(LOOKS)('finds nothing in the way, in %s at a width of %i', async (colorScheme, width) => {
    await visit.restart({ colorScheme, viewport: { width, height: 800 } })
    const findings: Record<string, unknown> = {}
    for await (const [name, shown] of pages()) {
      for (const frame of shown.frames()) {
        const found = await axeFindings(frame)
        if (found.length > 0) findings[`${name} ${frame.name()}`] = found
      }
      if (await overflows(shown)) findings[`${name} overflows`] = true
      if (name === 'app' && width === 320) await picture(shown, 'demo-phone')
      if (name === 'board' && width === 1200 && colorScheme === 'dark')
        await picture(shown, 'demo-dark')
    }
    expect(findings).toEqual({})
  })

  it('needs no mouse', async () => {
    const { context, demo, page } = visit
    const focused = (): Promise<string> =>
      page.evaluate<string>('document.activeElement.innerText || document.activeElement.value')
    await page.goto(demo.appOrigin)
    await page.keyboard.press('Tab')
    expect(await focused()).toBe('Skip to content')
    await page.getByRole('button', { name: 'Ada Okafor' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Good to see you' }).waitFor()
    await page.waitForLoadState()
    await page.getByRole('radio', { name: 'As signed' }).focus()
    await page.keyboard.press('ArrowRight')
    expect(await focused()).toBe('tampered')
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('Tab')
    expect(await focused()).toBe('Open the board')
    const tab = await newTab(context, page.keyboard.press('Enter'))
    const vote = voteFor(tab, 'Keyboard shortcuts for everything')
    await vote.focus()
    await tab.keyboard.press('Space')
    await said(tab, 'Your vote counts.')
    expect(await tab.evaluate('document.activeElement.ariaLabel')).toMatch(/^Vote for Keyboard/)
  })

  it('shows where the keyboard is', async () => {
    const { demo, page } = visit
    await page.goto(demo.appOrigin)
    for (let step = 0; step < 6; step++) {
      await page.keyboard.press('Tab')
      const outline = await page.evaluate<string>(
        'getComputedStyle(document.activeElement).outline.replace(/rgb.*?[)]/, "")',
      )
      expect(outline.trim()).toBe('solid 3px')
    }
  })

  it('can take part on a board without its script', async () => {
    const { context, demo, page } = visit
    await signIn(page, demo.appOrigin, 'Zoë Lindström')
    const tab = await newTab(context, press(page, 'Signed link'))
    await tab.route('**/portal.js', (route) => route.abort())
    await tab.reload()
    expect(visit.trouble.splice(0).join()).toContain('ERR_FAILED')
    const before = await votes(tab, 'Offline on the train')
    await voteFor(tab, 'Offline on the train').click()
    await tab.waitForURL(/\?notice=voted#request-\d+$/)
    await said(tab, 'Your vote counts.')
    expect(await votes(tab, 'Offline on the train')).toBe(before + 1)
    expect(visit.trouble.splice(0).join()).toContain('ERR_FAILED')
  })

  it.each([
    ['SeggWat’s embedded board', '/seggwat/p/lantern-jwt?embed=true'],
    ['FeatKit’s board', '/featkit/p/lantern'],
    ['the survey', '/harlyy/lantern/autumn'],
  ])('cannot be shown %s in a frame by another site', async (_what, path) => {
    const { demo, page } = visit
    const frame = `<iframe src="${demo.portalOrigin}${path}"></iframe>`
    const stranger = await serveText(`<link rel="icon" href="data:," />${frame}`)
    await page.goto(stranger.origin, { waitUntil: 'load' })
    stranger.server.close()
    expect(page.frames()[1]!.url()).toBe('chrome-error://chromewebdata/')
    expect(visit.trouble.splice(0).join()).toMatch(
      /violates the following Content Security Policy.*frame-ancestors/,
    )
  })
})

async function serveText(
  text: string,
): Promise<{ readonly server: Server; readonly origin: string }> {
  const server = createServer((_req, res) => {
    res.writeHead(200, { 'Content-Type': 'text/html', Connection: 'close' }).end(text)
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  return { server, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` } // it listens
}
