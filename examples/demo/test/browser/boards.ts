import type { Page } from 'playwright-core'
import type { Visit } from '../in-browser'
import {
  focused,
  newTab,
  openBoard,
  openLab,
  read,
  said,
  sendButton,
  signIn,
  voteFor,
  votes,
} from '../person'

const IDEA = 'Share a note by link'
const TRAIN = 'Offline on the train'

export function testBoards(visit: Visit): void {
  describe('a board', () => {
    const board = (name = 'Ada Okafor'): Promise<Page> =>
      openBoard(visit.page, visit.demo, 'featkit', name)

    it('counts one vote for each user', async () => {
      const { context, demo, page } = visit
      const ada = await board()
      const before = await votes(ada, IDEA)
      await voteFor(ada, IDEA).click()
      await said(ada, 'Your vote is counted.')
      await voteFor(ada, IDEA).click()
      await said(ada, 'You have already voted for this.')
      await openLab(page, demo, 'featkit')
      await signIn(page, 'Zoë Lindström')
      const zoe = await newTab(context, sendButton(page).click())
      await said(zoe, 'You were signed in as Ada Okafor. Now you are Zoë Lindström.')
      expect(await voteFor(zoe, IDEA).getAttribute('aria-pressed')).toBe('false')
      await voteFor(zoe, IDEA).click()
      await said(zoe, 'Your vote is counted.')
      expect(await votes(zoe, IDEA)).toBe(before + 2)
    })

    it('refuses the action of a page that shows another user, and then shows the right one', async () => {
      const { context, demo, page } = visit
      const ada = await board()
      const before = await votes(ada, TRAIN)
      await openLab(page, demo, 'featkit')
      await signIn(page, 'Zoë Lindström')
      const zoe = await newTab(context, sendButton(page).click())
      await voteFor(ada, TRAIN).click()
      await said(ada, 'You are now signed in as Zoë Lindström. Nothing was changed.')
      expect(await read(ada.getByRole('banner'))).toContain('Zoë Lindström')
      expect(await votes(ada, TRAIN)).toBe(before)
      await zoe.getByRole('button', { name: 'Leave' }).click()
      await voteFor(ada, TRAIN).click()
      await ada.getByRole('heading', { name: 'Sign in through Lantern first' }).waitFor()
      expect(await read(ada.getByRole('banner'))).not.toContain('Zoë')
      expect(visit.trouble.splice(0).join()).toContain('409')
    })

    it('shows the number of a button that was voted for under the pointer', async () => {
      for (const colorScheme of ['light', 'dark'] as const) {
        await visit.restart({ colorScheme })
        const tab = await board('Zoë Lindström')
        const button = voteFor(tab, 'Keyboard shortcuts for everything')
        await button.click()
        await said(tab, 'vote')
        await button.hover()
        const [ink, ground] = await tab.evaluate<[string, string]>(
          `(({ color, backgroundColor }) => [color, backgroundColor])(getComputedStyle(document.querySelector('.vote[aria-pressed=true]:hover')))`,
        )
        expect(contrast(ink, ground)).toBeGreaterThan(4.5)
      }
    })

    it('keeps what was being written when something else is done', async () => {
      const tab = await board()
      await tab.getByLabel('Title').fill('A draft')
      const request = tab.getByRole('listitem').filter({ hasText: IDEA })
      await request.locator('summary').click()
      await request.getByLabel('Your comment').fill('Another draft')
      const place = (await voteFor(tab, TRAIN).boundingBox())!.y
      await voteFor(tab, TRAIN).click()
      await said(tab, 'vote')
      expect(await tab.getByLabel('Title').inputValue()).toBe('A draft')
      expect(await request.getByLabel('Your comment').inputValue()).toBe('Another draft')
      await request.getByLabel('Your comment').fill(' ')
      await request.getByRole('button', { name: 'Send' }).click()
      await said(tab, 'Your comment is empty.')
      expect(await request.getByLabel('Your comment').isVisible()).toBe(true)
      expect((await voteFor(tab, TRAIN).boundingBox())!.y).toBe(place)
    })

    it('keeps the keyboard’s focus after a vote and after a comment', async () => {
      const tab = await board()
      await voteFor(tab, TRAIN).press('Space')
      await said(tab, 'vote')
      expect(await focused(tab)).toMatch(/^Vote for Offline on the train/)
      const request = tab.getByRole('listitem').filter({ hasText: TRAIN })
      await request.locator('summary').press('Enter')
      await request.getByLabel('Your comment').fill('Yes, please!')
      await request.getByRole('button', { name: 'Send' }).press('Enter')
      await said(tab, 'Your comment is on the board.')
      expect(await focused(tab)).toMatch(/^Comment\s+on Offline/)
      expect(await read(request)).toContain('Ada Okafor Yes, please!')
    })

    it('says in words that the portal is away', async () => {
      const tab = await board()
      await tab.route('**/vote', (route) =>
        route.fulfill({ status: 502, body: '<h1>Bad gateway</h1>' }),
      )
      await voteFor(tab, IDEA).click()
      await said(tab, 'The portal cannot be reached. Please try again.')
      await tab.unroute('**/vote')
      await voteFor(tab, IDEA).click()
      await said(tab, 'vote')
      visit.trouble.splice(0)
    })

    it('works without its script', async () => {
      const tab = await board('Zoë Lindström')
      await tab.route('**/portal.js', (route) => route.abort())
      await tab.reload()
      const before = await votes(tab, 'Dark mode that follows the sun')
      await voteFor(tab, 'Dark mode that follows the sun').click()
      await tab.waitForURL(/\?notice=voted#request-\d+$/)
      await said(tab, 'Your vote is counted.')
      expect(await votes(tab, 'Dark mode that follows the sun')).toBe(before + 1)
      expect(visit.trouble.splice(0).join()).toContain('ERR_FAILED')
    })

    it('lets visitors read', async () => {
      const { demo, page } = visit
      await page.goto(`${demo.portalOrigin}/featkit/p/lantern`)
      await page.getByRole('heading', { name: 'You are reading as a visitor' }).waitFor()
      expect(await page.getByRole('button').count()).toBe(0)
      await page.getByRole('link', { name: 'Sign in through Lantern' }).click()
      await page.locator('.answer').waitFor()
    })
  })
}

/** WCAG 2.2, relative luminance and contrast ratio of two `rgb(…)` colours. */
function contrast(one: string, other: string): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number] // two of two
  return (light + 0.05) / (dark + 0.05)
}

function luminance(colour: string): number {
  const [red, green, blue] = colour.match(/[\d.]+/g)!.map((text) => {
    const value = Number(text) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  }) as [number, number, number] // of `rgb(…)`
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
