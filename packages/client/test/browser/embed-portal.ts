import type { FrameLocator } from 'playwright-core'
import { type Lab } from '../lab'

/** Embeds the portal, and returns the frame. */
async function embed({ page }: Lab, options = ''): Promise<FrameLocator> {
  await page.evaluate(
    `void (window.embedded = countersign.embedPortal(document.querySelector('main'), '/sign?embed', { title: 'Feedback', ${options} }))`,
  )
  return page.frameLocator('iframe')
}

/** Waits until the portal has been loaded a number of times. */
async function expectLoads({ page, sites }: Lab, count: number): Promise<void> {
  const loads = () => sites.visits.filter(({ url }) => url.startsWith('/p/acme')).length
  while (loads() < count) await page.waitForTimeout(5)
  await page.evaluate("fetch('/').then(() => fetch('/'))") // whatever was sent before is there now
  expect([loads(), sites.signed]).toEqual([count, count])
}

/** Shows listeners of `blur` the element that had the focus before. */
const LATE_FOCUS = `
const { get } = Object.getOwnPropertyDescriptor(Document.prototype, 'activeElement')
let isBlurring = false
addEventListener('blur', () => { isBlurring = true; setTimeout(() => { isBlurring = false }) })
Object.defineProperty(document, 'activeElement', {
  get: () => (isBlurring ? document.body : get.call(document)),
})`

export function testEmbedPortal(at: Lab): void {
  describe('embedPortal()', () => {
    it('shows the portal in a frame with a title, that cannot replace the page', async () => {
      let sign = (): void => undefined
      at.sites.signing = new Promise<void>((resolve) => (sign = resolve))
      const frame = await embed(at)
      expect(await at.page.getByRole('status').innerText()).toBe('Loading…')
      sign()
      await frame.getByRole('button').waitFor()
      await at.page.getByRole('status').waitFor({ state: 'detached' })
      const { url = '', referer } = at.sites.visits[0] ?? {}
      expect(url).toMatch(/^\/p\/acme\?token=[^&]+&embed=true$/)
      expect([referer, await at.page.locator('iframe').getAttribute('title')]).toEqual([
        undefined,
        'Feedback',
      ])
      await frame.getByRole('link', { name: 'Out' }).click()
      await at.page.evaluate("fetch('/')") // time for a navigation
      expect(at.page.url()).toBe(`${at.sites.app.origin}/`)
    })

    it('says what is wrong, and tries again on demand', async () => {
      at.sites.user = null
      const frame = await embed(
        at,
        "onError: ({ code }) => (document.title = code), texts: { retry: 'Once more' }",
      )
      const alert = at.page.getByRole('alert')
      expect([await alert.innerText(), await at.page.title()]).toEqual([
        'You are signed out.',
        'signed_out',
      ])
      at.sites.reply = (res) => void res.destroy()
      await at.page.getByRole('button', { name: 'Once more' }).click()
      await alert.filter({ hasText: 'could not be loaded' }).waitFor()
      Object.assign(at.sites, { user: { id: 'u1' }, reply: undefined, signed: 0 })
      await at.page.getByRole('button', { name: 'Once more' }).click()
      await frame.getByRole('button').waitFor()
      expect(await alert.count()).toBe(0)
    })

    it('says so where the portal does not load in time', async () => {
      const url = JSON.stringify({ url: `${at.sites.portal.origin}/silent`, expiresAt: null })
      at.sites.reply = (res) => void res.end(url)
      await embed(at, 'timeout: 300')
      await at.page.getByRole('alert').filter({ hasText: 'could not be loaded' }).waitFor()
      expect(await at.page.locator('iframe').count()).toBe(0)
    })

    it('signs again once when the portal says that it has expired', async () => {
      const frame = await embed(at)
      await expectLoads(at, 1)
      const expire = () => frame.getByRole('button').dispatchEvent('click')
      await expire()
      await expectLoads(at, 2)
      await expire()
      await at.page.getByRole('alert').filter({ hasText: 'has expired' }).waitFor()
      await expire() // no second text
      await at.page.getByRole('button', { name: 'Try again' }).click()
      await expectLoads(at, 3)
      await expire()
      await expectLoads(at, 4)
    })

    it.each([
      ['before `blur`', ''],
      ['after `blur`, as in Firefox', LATE_FOCUS],
    ])('does not reload a frame in which the user has been: focus moves %s', async (_, order) => {
      await at.page.evaluate(`document.body.append(document.createElement('input')); ${order}`)
      const frame = await embed(at)
      await frame.getByRole('textbox').fill('half a sentence')
      await at.page.getByRole('textbox').focus()
      await at.page.evaluate('Date.now = () => Infinity')
      await at.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
      await frame.getByRole('button', { name: 'Expire' }).dispatchEvent('click')
      await at.page.getByRole('alert').waitFor()
      expect(await frame.getByRole('textbox').inputValue()).toBe('half a sentence')
      await expectLoads(at, 1)
      await at.page.getByRole('button', { name: 'Try again' }).click()
      await expectLoads(at, 2)
    })

    it('signs again when the tab comes back after the end of the URL, and not before', async () => {
      await embed(at)
      await expectLoads(at, 1)
      const comeBack = "document.dispatchEvent(new Event('visibilitychange'))"
      await at.page.evaluate(comeBack)
      await expectLoads(at, 1)
      await at.page.evaluate(
        "Object.defineProperty(document, 'hidden', { value: true, configurable: true })",
      )
      await at.page.evaluate(`Date.now = () => ${Date.now() + 86_400_000}; ${comeBack}`)
      await expectLoads(at, 1)
      await at.page.evaluate(`delete document.hidden; ${comeBack}`)
      await expectLoads(at, 2)
    })

    it('ignores messages of other windows, and everything after `remove()`', async () => {
      await embed(at)
      await expectLoads(at, 1)
      await at.page.evaluate("postMessage('countersign:expired', '*')")
      await expectLoads(at, 1)
      await at.page.evaluate(
        "embedded.remove(); Date.now = () => Infinity; document.dispatchEvent(new Event('visibilitychange'))",
      )
      await expectLoads(at, 1)
      expect(await at.page.locator('main').innerHTML()).toBe('')
    })
  })
}
