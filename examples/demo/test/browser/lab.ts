import { picture, type Visit } from '../in-browser'
import { breakIt, focused, openLab, read, sendButton, signIn } from '../person'

export function testLab(visit: Visit): void {
  describe('the laboratory', () => {
    const text = (selector: string): Promise<string> => read(visit.page.locator(selector))

    it('shows a signed user, passed checks, and the code for both frameworks', async () => {
      const { demo, page } = visit
      await page.goto(demo.appOrigin)
      await page.locator('.answer.good').waitFor()
      expect(await text('.answer')).toBe('Accepted: Ada Okafor')
      expect(await text('.call')).toBe('POST /sign/featkit → 200')
      expect(await page.locator('[data-state=passed]').count()).toBe(6)
      await picture(page, 'demo-lab')
      expect(await text('.code')).toContain("app.post('/sign/featkit', signEndpoint(portal")
      await page.getByRole('radio', { name: 'Koa' }).check()
      expect(await text('.code')).toContain("router.post('/sign/featkit', signEndpoint(portal")
      expect(await text('.code')).not.toContain("app.post('/sign/featkit'")
    })

    it('colours the parts, marks the letter that was changed, and explains', async () => {
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
      expect(await text('.codes')).toMatch(
        /^The answer says invalid_token Your log says signature_invalid/,
      )
      await picture(page, 'demo-broken')
      await page.getByText('Explain', { exact: true }).click()
      await breakIt(page, 'Signed with another key')
      expect(await text('#causes')).toMatch(/another secret/)
    })

    it('checks while somebody types, keeps the caret, and works by keyboard alone', async () => {
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
      await page.getByRole('button', { name: 'Sent twice' }).press('Enter')
      await page.locator('.answer.bad').waitFor()
      expect(await focused(page)).toBe('Sent twice')
    })

    it('refuses to sign for a page that was shown to another user, and while signed out', async () => {
      const { context, demo, page } = visit
      await openLab(page, demo, 'featkit')
      const other = await context.newPage()
      await openLab(other, demo, 'harlyy')
      await signIn(other, 'Signed out')
      expect(await read(other.locator('.call'))).toBe(
        'POST /sign/harlyy → 401 No user is signed in',
      )
      expect(await read(other.locator('.answer'))).toContain('credential_missing')
      await signIn(other, 'Zoë Lindström')
      await page.bringToFront()
      await page.getByRole('button', { name: 'Sign for FeatKit' }).click()
      await page.getByText('You are now signed in as Zoë Lindström. Reload this page.').waitFor()
      await page.locator('.answer.bad', { hasText: 'credential_missing' }).waitFor()
      expect(visit.trouble.splice(0).join()).toContain('409')
    })

    it('says in words what went wrong', async () => {
      const { context, demo, page } = visit
      await openLab(page, demo, 'featkit')
      await page.getByRole('textbox', { name: 'What travels' }).fill('not a URL')
      await sendButton(page).click()
      await page.getByText('What travels is not a URL any more').waitFor()
      expect(context.pages()).toHaveLength(1)
      const sign = page.getByRole('button', { name: 'Sign for FeatKit' })
      await page.route('**/sign/*', (route) => route.abort())
      await sign.click()
      await page.getByText('The app cannot be reached. Is the demo still running?').waitFor()
      await page.route('**/sign/*', (route) => route.fulfill({ status: 502, body: '<h1>Oh</h1>' }))
      await sign.click()
      await page.getByText('The app answered 502, and not with JSON.').waitFor()
      expect(visit.trouble.splice(0)).toHaveLength(2)
    })
  })
}
