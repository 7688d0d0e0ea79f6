import type { Page } from 'playwright-core'
import type { Visit } from '../in-browser'
import { focused, follow, read, said, voteFor, votes } from '../person'

const DARK = 'Dark mode that follows the sun'
const IDEA = 'Share a note by link'
const TRAIN = 'Offline on the train'

export function testBoards(visit: Visit): void {
  describe('a board', () => {
    const enter = async (user: 'ada' | 'zoe', page = visit.page): Promise<Page> => {
      await follow(page, visit.demo, 'featkit', user)
      return page
    }

    it('counts a vote for the user whom the page shows, and refuses it when that is another one', async () => {
      const ada = await enter('ada')
      const before = await votes(ada, IDEA)
      await voteFor(ada, IDEA).click()
      await said(ada, 'Your vote is counted.')
      await voteFor(ada, IDEA).click()
      await said(ada, 'You have already voted for this.')
      const zoe = await enter('zoe', await visit.context.newPage())
      await said(zoe, 'You were signed in as Ada Okafor. Now you are Zoë Lindström.')
      expect(await voteFor(zoe, IDEA).getAttribute('aria-pressed')).toBe('false')
      await voteFor(zoe, IDEA).click()
      await said(zoe, 'Your vote is counted.')
      expect(await votes(zoe, IDEA)).toBe(before + 2)
      const unchanged = await votes(zoe, TRAIN)
      await ada.bringToFront()
      await voteFor(ada, TRAIN).click()
      await said(ada, 'You are now signed in as Zoë Lindström. Nothing was changed.')
      expect(await read(ada.getByRole('banner'))).toContain('Zoë Lindström')
      expect(await votes(ada, TRAIN)).toBe(unchanged)
      await ada.getByRole('button', { name: 'Leave' }).click()
      await ada.getByRole('heading', { name: 'You are reading as a visitor' }).waitFor()
      await zoe.bringToFront()
      await voteFor(zoe, TRAIN).click()
      await zoe.getByRole('heading', { name: 'Sign in through Lantern first' }).waitFor()
      expect(await read(zoe.getByRole('banner'))).not.toContain('Zoë')
      expect(visit.trouble.splice(0).join()).toContain('409')
    })

    it('keeps the focus and what was being written when something else is done', async () => {
      const page = await enter('ada')
      const request = page.getByRole('listitem').filter({ hasText: TRAIN })
      const [title, comment] = [page.getByLabel('Title'), request.getByLabel('Your comment')]
      await title.fill('A draft')
      await request.locator('summary').press('Enter')
      await comment.fill('Yes, please!')
      const place = (await voteFor(page, TRAIN).boundingBox())!.y
      await voteFor(page, TRAIN).press('Space')
      await said(page, 'vote')
      expect(await focused(page)).toMatch(/^Vote for Offline on the train/)
      expect(await title.inputValue()).toBe('A draft')
      expect(await comment.inputValue()).toBe('Yes, please!')
      await request.getByRole('button', { name: 'Send' }).press('Enter')
      await said(page, 'Your comment is on the board.')
      expect(await focused(page)).toMatch(/^Comment\s+on Offline/)
      expect(await read(request)).toContain('Ada Okafor Yes, please!')
      await request.locator('summary').click()
      await comment.fill(' ')
      await request.getByRole('button', { name: 'Send' }).click()
      await said(page, 'Your comment is empty.')
      expect(await comment.isVisible()).toBe(true)
      expect((await voteFor(page, TRAIN).boundingBox())!.y).toBe(place)
    })

    it('says in words that the portal is away', async () => {
      const page = await enter('ada')
      await page.route('**/vote', (route) =>
        route.fulfill({ status: 502, body: '<h1>Bad gateway</h1>' }),
      )
      await voteFor(page, IDEA).click()
      await said(page, 'The portal cannot be reached. Please try again.')
      await page.unroute('**/vote')
      await voteFor(page, IDEA).click()
      await said(page, 'vote')
      visit.trouble.splice(0)
    })

    it('works without its script', async () => {
      await visit.page.route('**/portal.js', (route) => route.abort())
      const page = await enter('zoe')
      const before = await votes(page, DARK)
      await voteFor(page, DARK).click()
      await page.waitForURL(/\?notice=voted#request-\d+$/)
      await said(page, 'Your vote is counted.')
      expect(await votes(page, DARK)).toBe(before + 1)
      expect(visit.trouble.splice(0).join()).toContain('ERR_FAILED')
    })
  })
}
