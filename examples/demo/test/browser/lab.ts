import { picture } from '../chromium'
import type { Visit } from '../in-browser'
import { breakIt, focused, openLab, read, sendButton, signIn } from '../person'

export function testLab(visit: Visit): void {
  describe('the laboratory', () => {
    const text = (selector: string): Promise<string> => read(visit.page.locator(selector))

    it('shows a signed user and passed checks at first sight', async () => {
      const { demo, page } = visit
      await page.goto(demo.appOrigin)
      await page.locator('.answer.good').waitFor()
      expect(await text('.answer')).toBe('Accepted: Ada Okafor')
      expect(await text('.call')).toBe('POST /sign/featkit → 200')
      expect(await page.locator('[data-state=passed]').count()).toBe(6)
      expect(await page.getByRole('link', { name: 'Countersign' }).isVisible()).toBe(true)
      await picture(page, 'demo-lab')
    })

    it('colours the parts, and marks the letter that was changed', async () => {
      const { demo, page } = visit
      await openLab(page, demo, 'seggwat-jwt')
      const highlights = (): Promise<Record<string, string>> =>
        page.evaluate(
          'Object.fromEntries([...CSS.highlights].map(([name, ranges]) => [name, [...ranges].join()]))',
        )
      const signed = await text('#credential')
      const [header, payload, signature] = /token=(.+)&embed/.exec(signed)![1]!.split('.')
      expect(await highlights()).toMatchObject({ header, payload, signature, changed: '' })
      await breakIt(page, 'One letter changed')
      expect((await highlights())['changed']).toMatch(/^.{1,4}$/)
      expect(await text('[data-state=failed]')).toMatch(/^✕ The signature matches a key/)
      await picture(page, 'demo-broken')
    })

    it('checks while somebody types, and keeps the caret', async () => {
      const { demo, page } = visit
      await openLab(page, demo, 'featkit')
      const field = page.getByRole('textbox', { name: 'What travels' })
      await field.focus()
      await page.keyboard.press('ControlOrMeta+End')
      await page.keyboard.press('Backspace')
      await page.locator('.answer.bad').waitFor()
      expect(await text('[data-state=failed] small')).toMatch(/^the signature is/)
      expect(await page.evaluate('getSelection().focusOffset')).toBe(
        (await field.innerText()).length,
      )
      expect(await page.locator('[data-break][aria-pressed=true]').count()).toBe(0)
      await page.keyboard.press('ControlOrMeta+Z')
      await page.locator('.answer.good').waitFor()
    })

    it('says why the answer is less exact than the log, and explains the mistake', async () => {
      const { demo, page } = visit
      await openLab(page, demo, 'fdback')
      await breakIt(page, 'Upper-case hex')
      expect(await text('.codes')).toMatch(
        /The answer says invalid_token Your log says token_malformed the signature is upper-case hex/,
      )
      expect(await text('#answer')).toContain('The answer is less exact on purpose')
      await page.getByText('Explain', { exact: true }).click()
      expect(await text('#causes')).toMatch(/upper case.*JavaScript/)
      await breakIt(page, 'Signed with another key')
      expect(await text('#causes')).toMatch(/another secret/)
    })

    it('shows the code for both frameworks', async () => {
      const { demo, page } = visit
      await openLab(page, demo, 'featkit')
      expect(await text('.code')).toContain(
        "app.post('/sign/featkit', signEndpoint(portal, { user }))",
      )
      await page.getByRole('radio', { name: 'Koa' }).check()
      expect(await text('.code')).toContain("router.post('/sign/featkit', signEndpoint(portal")
      expect(await text('.code')).not.toContain("app.post('/sign/featkit'")
    })

    it('refuses to sign for a page that was shown to another user', async () => {
      const { context, demo, page } = visit
      await openLab(page, demo, 'featkit')
      const other = await context.newPage()
      await openLab(other, demo, 'featkit')
      await signIn(other, 'Zoë Lindström')
      await page.getByRole('button', { name: 'Sign for FeatKit' }).click()
      await page.getByText('You are now signed in as Zoë Lindström. Reload this page.').waitFor()
      await page.locator('.answer.bad', { hasText: 'credential_missing' }).waitFor()
      expect(visit.trouble.splice(0).join()).toContain('409')
    })

    it('signs nothing while signed out', async () => {
      const { demo, page } = visit
      await openLab(page, demo, 'harlyy')
      await signIn(page, 'Signed out')
      expect(await text('.call')).toBe('POST /sign/harlyy → 401 No user is signed in')
      expect(await text('.answer')).toContain('credential_missing')
      await page.reload()
      await page.locator('.answer.bad').waitFor()
    })

    it.each([
      ['is away', 'The app cannot be reached. Is the demo still running?', undefined],
      ['answers with HTML', 'The app answered 502, and not with JSON.', '<h1>Bad gateway</h1>'],
    ])('says in words that the app %s', async (_how, words, body) => {
      const { demo, page } = visit
      await openLab(page, demo, 'featkit')
      await page.route('**/sign/*', (route) =>
        body === undefined ? route.abort() : route.fulfill({ status: 502, body }),
      )
      await page.getByRole('button', { name: 'Sign for FeatKit' }).click()
      await page.getByText(words).waitFor()
      expect(visit.trouble.splice(0)).toHaveLength(1)
    })

    it('says in words that what travels cannot be opened', async () => {
      const { demo, page } = visit
      await openLab(page, demo, 'featkit')
      await page.getByRole('textbox', { name: 'What travels' }).fill('not a URL')
      await sendButton(page).click()
      await page.getByText('What travels is not a URL any more').waitFor()
      expect(visit.context.pages()).toHaveLength(1)
    })

    it('works by keyboard alone', async () => {
      const { demo, page } = visit
      await openLab(page, demo, 'featkit')
      await page.getByRole('button', { name: 'Sent twice' }).focus()
      await page.keyboard.press('Enter')
      await page.locator('.answer.bad').waitFor()
      expect(await focused(page)).toBe('Sent twice')
      await page.keyboard.press('Tab')
      await page.keyboard.press('Shift+Tab')
      expect(await focused(page)).toBe('Sent twice')
    })
  })
}
