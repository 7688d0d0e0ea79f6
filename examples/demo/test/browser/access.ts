import type { Page } from 'playwright-core'
import { axeFindings, picture, type Visit } from '../in-browser'
import { breakIt, follow, known, openLab, said, sendButton, signIn, voteFor } from '../person'

type Look = readonly ['light' | 'dark', width: number, height: number]

const LOOKS: readonly Look[] = [
  ['light', 1280, 900],
  ['dark', 1280, 900],
  ['light', 320, 800],
]
/** All that another colour scheme, or a narrow page, can break. */
const COLOURS = ['color-contrast', 'link-in-text-block']
const SIZES = ['target-size', 'scrollable-region-focusable']

export function testAccess(visit: Visit): void {
  describe('every page', () => {
    /** Every kind of page, one after the other. */
    async function* pages(): AsyncGenerator<string> {
      const { demo, page } = visit
      await openLab(page, demo, 'featkit')
      yield 'lab'
      await breakIt(page, 'One letter changed')
      await page.getByText('Explain', { exact: true }).click()
      yield 'lab-broken'
      const link = await follow(page, demo, 'featkit', 'mallory')
      await voteFor(page, 'Dark mode').click()
      await said(page, 'vote')
      await page.locator('summary').first().click()
      yield 'board'
      await voteFor(page, 'Dark mode').hover()
      yield 'board-hover'
      await page.goto(`${link}x`)
      yield 'refused'
      await follow(page, demo, 'harlyy', 'ada')
      yield 'survey'
      await page.getByRole('radio', { name: '3 All right' }).check()
      await page.getByRole('button', { name: 'Send my answer' }).click()
      await page.getByRole('heading', { name: 'Thank you.' }).waitFor()
      yield 'thanks'
      await openLab(page, demo, 'seggwat-jwt')
      await sendButton(page).click()
      await known(page.frameLocator('iframe')).waitFor()
      yield 'lab-frame'
      await page.goto(`${demo.portalOrigin}/fdback/board`)
      yield 'visitor'
      await page.goto(demo.portalOrigin)
      yield 'portal'
      await openLab(page, demo, 'fdback')
      await signIn(page, 'Signed out')
      yield 'lab-signed-out'
    }

    async function faults(name: string, page: Page, look: Look): Promise<readonly string[]> {
      const [colorScheme, width, height] = look
      const rules = colorScheme === 'dark' ? COLOURS : width < 400 ? SIZES : undefined
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize({ width, height })
      const found: string[] = []
      for (const frame of page.frames()) {
        found.push(...(await axeFindings(frame, rules)))
      }
      const overflows = 'document.documentElement.scrollWidth > innerWidth'
      if (await page.evaluate(overflows)) found.push('overflows')
      if (name === 'board' && (await leaveHeight(page)) > 40) found.push('"Leave" wraps')
      if (name === 'lab' && width === 320) await picture(page, 'demo-phone')
      if (name === 'lab-broken' && colorScheme === 'dark') await picture(page, 'demo-dark')
      return found.map((fault) => `${name}, ${look.join(' ')}: ${fault}`)
    }

    it('has no accessibility findings, in light, dark and at a width of 320', async () => {
      const { page } = visit
      const found: string[] = []
      for await (const name of pages()) {
        for (const look of LOOKS) found.push(...(await faults(name, page, look)))
        await page.emulateMedia({ colorScheme: null })
        await page.setViewportSize({ width: 1280, height: 900 })
      }
      expect(found).toEqual([])
    })

    it('shows what is selected in forced colours, and where the keyboard’s focus is', async () => {
      const { demo, page } = visit
      const border = (selector: string): Promise<string> =>
        page.evaluate(`getComputedStyle(document.querySelector('${selector}')).borderTopWidth`)
      await openLab(page, demo, 'featkit')
      for (let step = 0; step < 12; step++) {
        await page.keyboard.press('Tab')
        const outline = await page.evaluate<string>(
          'getComputedStyle(document.activeElement).outline.replace(/rgb.*?[)]/, "")',
        )
        expect(outline.trim()).toBe('solid 3px')
      }
      await page.emulateMedia({ forcedColors: 'active' })
      for (const selected of [
        '.tabs [aria-current]',
        '.who [aria-pressed=true]',
        '.breaks [aria-pressed=true]',
      ]) {
        expect(await border(selected)).toBe('3px')
      }
      await follow(page, demo, 'featkit', 'ada')
      await voteFor(page, 'Dark mode').click()
      await said(page, 'vote')
      expect(await border('.vote[aria-pressed=true]')).toBe('3px')
      await page.emulateMedia({ forcedColors: null })
    })
  })
}

async function leaveHeight(board: Page): Promise<number> {
  return (await board.getByRole('button', { name: 'Leave' }).boundingBox())?.height ?? 0
}
