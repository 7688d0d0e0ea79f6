import { picture } from '../chromium'
import type { Visit } from '../in-browser'
import {
  breakIt,
  focused,
  known,
  newTab,
  openBoard,
  openLab,
  read,
  said,
  sendButton,
  signIn,
} from '../person'

const TIME = String.raw`\d{1,2} \w{3,4} \d{4}, \d\d:\d\d:\d\d UTC`
const MALLORY = '</script><img src=x onerror=alert(1)>'

export function testFlows(visit: Visit): void {
  describe('the flows', () => {
    const knowsAda = (scheme: string, key: string): RegExp =>
      new RegExp(
        `^How we know Signature checked Who Ada Okafor ada@lantern.example( id ada)? ` +
          `Scheme ${scheme} Key ${key} Issued ${TIME} Expires ${TIME}$`,
      )
    const requests = async (): Promise<readonly string[]> => {
      const lines = await visit.page.locator('#requests li').all()
      return Promise.all(lines.map(read))
    }

    it('runs on two sites', () => {
      const { demo } = visit
      expect(new URL(demo.appOrigin).hostname).toBe('localhost')
      expect(new URL(demo.portalOrigin).hostname).toBe('127.0.0.1')
    })

    it('opens FeatKit in a new tab that cannot reach its opener, and lists the requests', async () => {
      const { demo, page } = visit
      const tab = await openBoard(page, demo, 'featkit', 'Ada Okafor')
      expect(tab.url()).toBe(`${demo.portalOrigin}/featkit/p/lantern?notice=arrived`)
      expect(await tab.evaluate('window.opener')).toBeNull()
      expect(await read(known(tab))).toMatch(knowsAda('FeatKit signed link', 'featkit-key-1'))
      await said(tab, 'You are signed in as Ada Okafor.')
      await page.locator('#requests li', { hasText: 'notice=arrived' }).nth(1).waitFor()
      expect((await requests()).slice(-3)).toEqual([
        'app POST /sign/featkit 200',
        'portal GET /featkit/p/lantern?token=REDACTED 303 → /featkit/p/lantern?notice=arrived',
        'portal GET /featkit/p/lantern?notice=arrived 200',
      ])
      await tab.getByRole('link', { name: 'Back to Lantern' }).waitFor()
      await picture(tab, 'demo-board')
    })

    it.each([
      ['seggwat-hmac', 'SeggWat HMAC token', 'seggwat-key-1'],
      ['seggwat-jwt', 'SeggWat JWT', 'seggwat-key-2'],
    ] as const)(
      'keeps the session of %s in a frame on another site',
      async (format, scheme, key) => {
        const { demo, page } = visit
        await openLab(page, demo, format)
        await sendButton(page).press('Enter')
        const frame = page.frameLocator('iframe')
        await known(frame).waitFor()
        await page.keyboard.press('Tab')
        expect(await focused(page)).toBe('The board in a frame')
        expect(await read(known(frame))).toMatch(knowsAda(scheme, key))
        await frame.getByLabel('Title').fill('A window for each note')
        await frame.getByRole('button', { name: 'Suggest' }).click()
        await said(frame, 'Thank you. Your idea is on the board, with your vote.')
        if (format === 'seggwat-jwt') await picture(page, 'demo-frame')
      },
    )

    it('makes a survey link that takes one answer', async () => {
      const { context, demo, page } = visit
      await openLab(page, demo, 'harlyy')
      const survey = await newTab(context, sendButton(page).click())
      expect(survey.url()).toBe(await read(page.locator('#credential')))
      await survey.getByRole('radio', { name: '5 Great' }).check()
      await survey.getByLabel('Anything else?').fill('I write more now.')
      await survey.getByRole('button', { name: 'Send my answer' }).click()
      await survey.getByRole('heading', { name: 'Thank you.' }).waitFor()
      const again = await newTab(context, sendButton(page).click())
      expect(await read(again.getByRole('main'))).toMatch(
        /^This link was already used .* 401 token_replayed$/,
      )
      await page.locator('#requests .refused').last().waitFor()
      expect((await requests()).at(-1)).toMatch(/401 token_replayed · log: token_replayed/)
    })

    it('posts to fdback from another site, and the session is kept', async () => {
      const { demo, page } = visit
      const tab = await openBoard(page, demo, 'fdback', 'Ada Okafor')
      expect(tab.url()).toBe(`${demo.portalOrigin}/fdback/board?notice=arrived`)
      expect(await read(known(tab))).toMatch(knowsAda('fdback signed request', 'fdback-key-1'))
      expect(await tab.evaluate("document.querySelector('.visitor img').naturalWidth")).toBe(32)
    })

    it.each([
      ['featkit', 'One letter changed', 'This link cannot be trusted', '401 invalid_token'],
      ['harlyy', 'Signed eight days ago', 'This survey link has expired', '401 token_expired'],
      ['harlyy', 'Used twice', 'This link was already used', '401 token_replayed'],
      ['fdback', 'Sent twice', 'This link contains more than one token', '400 invalid_request'],
    ] as const)('sends %s what was broken: %s', async (format, how, heading, code) => {
      const { context, demo, page } = visit
      await openLab(page, demo, format)
      await breakIt(page, how)
      const tab = await newTab(context, sendButton(page).click())
      expect(await read(tab.getByRole('heading', { level: 1 }))).toBe(heading)
      expect(await tab.getByText(code).isVisible()).toBe(true)
    })

    it('shows a refusal in the frame', async () => {
      const { demo, page } = visit
      await openLab(page, demo, 'seggwat-jwt')
      await breakIt(page, 'alg: none')
      await sendButton(page).click()
      await page.frameLocator('iframe').getByText('401 invalid_token').waitFor()
    })

    it('shows a name that would break a careless page as text', async () => {
      const { context, demo, page } = visit
      const tab = await openBoard(page, demo, 'fdback', MALLORY)
      expect(await read(known(tab))).toContain(`Who ${MALLORY} mallory@lantern.example`)
      await tab.getByLabel('Title').fill(MALLORY)
      await tab.getByRole('button', { name: 'Suggest' }).click()
      await tab.getByRole('heading', { name: MALLORY }).waitFor()
      for (const shown of [page, tab]) expect(await shown.locator('img[src=x]').count()).toBe(0)
      await signIn(page, 'Ada Okafor')
      await newTab(context, sendButton(page).click())
    })
  })
}
