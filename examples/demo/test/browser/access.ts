import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import { axeFindings, overflows, picture } from '../chromium'
import type { Visit } from '../in-browser'
import {
  breakIt,
  known,
  newTab,
  openBoard,
  openLab,
  said,
  sendButton,
  signIn,
  voteFor,
} from '../person'

const LOOKS = [
  ['light', 1280],
  ['dark', 1280],
  ['light', 320],
] as const
/** All that another colour scheme can break. */
const COLOURS = ['color-contrast', 'link-in-text-block']
const LONG_NAME = '</script><img src=x onerror=alert(1)>'

export function testAccess(visit: Visit): void {
  describe('every page', () => {
    /** Every kind of page, one after the other. */
    async function* pages(): AsyncGenerator<[string, Page]> {
      const { context, demo, page } = visit
      await openLab(page, demo, 'featkit')
      yield ['lab', page]
      await breakIt(page, 'One letter changed')
      await page.getByText('Explain', { exact: true }).click()
      yield ['lab-broken', page]
      yield ['refused', await newTab(context, sendButton(page).click())]
      const board = await openBoard(page, demo, 'featkit', LONG_NAME)
      await voteFor(board, 'Dark mode').click()
      await said(board, 'vote')
      await board.locator('summary').first().click()
      yield ['board', board]
      await voteFor(board, 'Dark mode').hover()
      yield ['board-hover', board]
      await openLab(page, demo, 'harlyy')
      const survey = await newTab(context, sendButton(page).click())
      yield ['survey', survey]
      await survey.getByRole('radio', { name: '3 All right' }).check()
      await survey.getByRole('button', { name: 'Send my answer' }).click()
      await survey.getByRole('heading', { name: 'Thank you.' }).waitFor()
      yield ['thanks', survey]
      yield ['used', await newTab(context, sendButton(page).click())]
      await openLab(page, demo, 'seggwat-jwt')
      await sendButton(page).click()
      await known(page.frameLocator('iframe')).waitFor()
      yield ['lab-frame', page]
      await page.goto(`${demo.portalOrigin}/fdback/board`)
      yield ['visitor', page]
      await page.goto(demo.portalOrigin)
      yield ['portal', page]
      await openLab(page, demo, 'fdback')
      await signIn(page, 'Signed out')
      yield ['lab-signed-out', page]
    }

    it.each(LOOKS)(
      'has no accessibility findings, in %s at a width of %i',
      async (colorScheme, width) => {
        await visit.restart({ colorScheme, viewport: { width, height: 800 } })
        const findings: Record<string, unknown> = {}
        for await (const [name, shown] of pages()) {
          for (const frame of shown.frames()) {
            const found = await axeFindings(frame, colorScheme === 'dark' ? COLOURS : undefined)
            if (found.length > 0) findings[`${name} ${frame.name()}`] = found
          }
          if (await overflows(shown)) findings[`${name} overflows`] = true
          if (name === 'board' && (await leaveHeight(shown)) > 40) findings['"Leave" wraps'] = true
          if (name === 'lab' && width === 320) await picture(shown, 'demo-phone')
          if (name === 'lab-broken' && colorScheme === 'dark') await picture(shown, 'demo-dark')
        }
        expect(findings).toEqual({})
      },
    )

    it('shows what is selected in forced colours', async () => {
      await visit.restart({ forcedColors: 'active' })
      const { demo, page } = visit
      const border = (view: Page, selector: string): Promise<string> =>
        view.evaluate(`getComputedStyle(document.querySelector('${selector}')).borderTopWidth`)
      await openLab(page, demo, 'featkit')
      for (const selector of [
        '.tabs [aria-current]',
        '.who [aria-pressed=true]',
        '.breaks [aria-pressed=true]',
      ])
        expect(await border(page, selector)).toBe('3px')
      const board = await newTab(page.context(), sendButton(page).click())
      await voteFor(board, 'Dark mode').click()
      await said(board, 'vote')
      expect(await border(board, '.vote[aria-pressed=true]')).toBe('4px')
    })

    it('shows where the keyboard’s focus is', async () => {
      const { demo, page } = visit
      await openLab(page, demo, 'featkit')
      for (let step = 0; step < 12; step++) {
        await page.keyboard.press('Tab')
        const outline = await page.evaluate<string>(
          'getComputedStyle(document.activeElement).outline.replace(/rgb.*?[)]/, "")',
        )
        expect(outline.trim()).toBe('solid 3px')
      }
    })

    it('has icons that tell the sites apart', async () => {
      const { demo, page } = visit
      const icon = async (origin: string): Promise<string | null> => {
        await page.goto(origin)
        return page.locator('link[rel=icon]').getAttribute('href')
      }
      expect(await icon(demo.appOrigin)).toBe('/assets/lantern.svg')
      expect(await icon(demo.portalOrigin)).toBe('/assets/portal.svg')
    })

    it.each([
      ['SeggWat’s embedded board', '/seggwat/p/lantern-jwt?embed=true'],
      ['FeatKit’s board', '/featkit/p/lantern'],
      ['the survey', '/harlyy/lantern/autumn'],
    ])('cannot be framed by another site: %s', async (_what, path) => {
      const { demo, page } = visit
      const frame = `<iframe src="${demo.portalOrigin}${path}"></iframe>`
      const other = await serveText(`<link rel="icon" href="data:," />${frame}`)
      await page.goto(other.origin, { waitUntil: 'load' })
      other.server.close()
      expect(page.frames()[1]!.url()).toBe('chrome-error://chromewebdata/')
      expect(visit.trouble.splice(0).join()).toMatch(
        /violates the following Content Security Policy.*frame-ancestors/,
      )
    })
  })
}

async function leaveHeight(board: Page): Promise<number> {
  return (await board.getByRole('button', { name: 'Leave' }).boundingBox())?.height ?? 0
}

async function serveText(
  text: string,
): Promise<{ readonly server: Server; readonly origin: string }> {
  const server = createServer((_req, res) => {
    res.writeHead(200, { 'Content-Type': 'text/html', Connection: 'close' }).end(text)
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  return { server, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` } // it listens
}
