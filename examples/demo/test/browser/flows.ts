import { picture, type Visit } from '../in-browser'
import {
  breakIt,
  focused,
  known,
  openLab,
  read,
  said,
  sendButton,
  sendInNewTab,
  signIn,
} from '../person'

const MALLORY = '</script><img src=x onerror=alert(1)>'

export function testFlows(visit: Visit): void {
  describe('the flows', () => {
    const requests = async (): Promise<readonly string[]> => {
      const lines = await visit.page.locator('#requests li').all()
      return Promise.all(lines.map(read))
    }

    it('opens FeatKit in a new tab that cannot reach its opener, and lists the requests', async () => {
      const { demo, page } = visit
      await openLab(page, demo, 'featkit')
      const tab = await sendInNewTab(page)
      expect(tab.url()).toBe(`${demo.portalOrigin}/featkit/p/lantern?notice=arrived`)
      expect(await tab.evaluate('window.opener')).toBeNull()
      await said(tab, 'You are signed in as Ada Okafor.')
      await page.locator('#requests li', { hasText: 'notice=arrived' }).nth(1).waitFor()
      expect((await requests()).slice(-3)).toEqual([
        'app POST /sign/featkit 200',
        'portal GET /featkit/p/lantern?token=REDACTED 303 → /featkit/p/lantern?notice=arrived',
        'portal GET /featkit/p/lantern?notice=arrived 200',
      ])
      await picture(tab, 'demo-board')
      await tab.getByRole('link', { name: 'Back to Lantern' }).click()
      await tab.locator('.answer').waitFor()
    })

    it('keeps the session of SeggWat in a frame on another site', async () => {
      const { demo, page } = visit
      expect(demo.appOrigin).toMatch(/^http:..localhost:/)
      expect(demo.portalOrigin).toMatch(/^http:..127\.0\.0\.1:/)
      await openLab(page, demo, 'seggwat-jwt')
      await sendButton(page).press('Enter')
      await page.getByText('Loading…').waitFor({ state: 'detached' })
      await page.keyboard.press('Tab')
      expect(await focused(page)).toBe('The board in a frame')
      const frame = page.frameLocator('iframe')
      await frame.getByLabel('Title').fill('A window for each note')
      await frame.getByRole('button', { name: 'Suggest' }).click()
      await said(frame, 'Thank you. Your idea is on the board, with your vote.')
      await picture(page, 'demo-frame')
      await breakIt(page, 'alg: none')
      await sendButton(page).click()
      await frame.getByText('401 invalid_token').waitFor()
    })

    it('makes a survey link that takes one answer', async () => {
      const { demo, page } = visit
      await openLab(page, demo, 'harlyy')
      const survey = await sendInNewTab(page)
      expect(survey.url()).toBe(await read(page.locator('#credential')))
      await survey.getByRole('radio', { name: '5 Great' }).check()
      await survey.getByLabel('Anything else?').fill('I write more now.')
      await survey.getByRole('button', { name: 'Send my answer' }).click()
      await survey.getByRole('heading', { name: 'Thank you.' }).waitFor()
      const again = await sendInNewTab(page)
      expect(await read(again.getByRole('main'))).toMatch(
        / This link was already used .* 401 token_replayed$/,
      )
      await page.locator('#requests .refused').last().waitFor()
      expect((await requests()).at(-1)).toMatch(/401 token_replayed · log: token_replayed/)
    })

    it('posts to fdback from another site, and shows a name that would break a careless page', async () => {
      const { demo, page } = visit
      await openLab(page, demo, 'fdback')
      await signIn(page, MALLORY)
      const tab = await sendInNewTab(page)
      expect(tab.url()).toBe(`${demo.portalOrigin}/fdback/board?notice=arrived`)
      expect(await read(known(tab))).toContain(`Who ${MALLORY} mallory@lantern.example`)
      expect(await tab.evaluate("document.querySelector('.visitor img').naturalWidth")).toBe(32)
      await tab.getByLabel('Title').fill(MALLORY)
      await tab.getByRole('button', { name: 'Suggest' }).click()
      await tab.getByRole('heading', { name: MALLORY }).waitFor()
      for (const shown of [page, tab]) expect(await shown.locator('img[src=x]').count()).toBe(0)
      await page.bringToFront()
      await breakIt(page, 'Sent twice')
      const refused = await sendInNewTab(page)
      await refused
        .getByRole('heading', { name: 'This link contains more than one token' })
        .waitFor()
    })
  })
}
