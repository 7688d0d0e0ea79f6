import { describeInBrowser, picture } from './chromium'
import { visitInBrowser } from './in-browser'
import { choose, newTab, press, read, signIn } from './person'

jest.setTimeout(60_000)

describeInBrowser('a person at the demo', () => {
  const visit = visitInBrowser()

  describe.each([
    ['One letter changed', 'This link cannot be trusted', '401 invalid_token', 'Invalid token'],
    [
      'Signed eight days ago',
      /^This (survey )?link has expired$/,
      '401 token_expired',
      'Token has expired',
    ],
  ] as const)('with what was signed treated as "%s"', (treatment, heading, code, title) => {
    it('is refused by FeatKit', async () => {
      const { context, demo, page } = visit
      await signIn(page, demo.appOrigin, 'Ada Okafor')
      await choose(page, treatment)
      const tab = await newTab(context, press(page, 'Signed link'))
      expect(await tab.getByRole('heading', { name: heading }).isVisible()).toBe(true)
      expect(await tab.getByText(code).isVisible()).toBe(true)
      await tab.getByRole('link', { name: 'Go to Lantern' }).click()
      await tab.getByRole('heading', { name: 'Good to see you, Ada Okafor.' }).waitFor()
    })

    it.each(['HMAC token', 'JWT'])('is refused by SeggWat with a %s', async (format) => {
      const { demo, page } = visit
      await signIn(page, demo.appOrigin, 'Ada Okafor')
      await choose(page, treatment)
      await press(page, format)
      const frame = page.frameLocator('iframe')
      await frame.getByRole('heading', { name: heading }).waitFor()
      expect(await frame.getByText(code).isVisible()).toBe(true)
    })

    it('is refused by Harlyy', async () => {
      const { context, demo, page } = visit
      await signIn(page, demo.appOrigin, 'Ada Okafor')
      await choose(page, treatment)
      await press(page, 'One-time link')
      const survey = await newTab(context, page.getByRole('link', { name: 'Open it' }).click())
      expect(await survey.getByRole('heading', { name: heading }).isVisible()).toBe(true)
      expect(await survey.getByText(code).isVisible()).toBe(true)
      if (treatment === 'Signed eight days ago') await picture(survey, 'demo-expired')
    })

    it('is refused by fdback, and stays where it was', async () => {
      const { demo, page } = visit
      await signIn(page, demo.appOrigin, 'Ada Okafor')
      await choose(page, treatment)
      await press(page, 'Signed request')
      const alert = page.getByRole('alert')
      expect(await read(alert)).toBe(`The portal answered 401: ${title}.`)
      expect(page.url()).toBe(`${demo.appOrigin}/`)
    })
  })

  it('sees which letter was changed', async () => {
    const { demo, page } = visit
    await signIn(page, demo.appOrigin, 'Ada Okafor')
    await choose(page, 'One letter changed')
    await press(page, 'HMAC token')
    const receipt = page.getByRole('region', { name: 'What was signed' })
    expect(await read(receipt.locator('mark'))).toMatch(/^[xy]$/)
    expect(await read(receipt)).toContain('"name": "Ada Okafor"')
    await page.frameLocator('iframe').getByText('401 invalid_token').waitFor()
    await page.evaluate('scrollTo(0, 0)')
    await picture(page, 'demo-tampered')
  })
})
