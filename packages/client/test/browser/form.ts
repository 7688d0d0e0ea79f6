import { type Lab } from '../lab'

export function testForms(at: Lab): void {
  describe('a form without a script', () => {
    /** Presses the button of a form whose tab is a new one, while the sign endpoint takes its time. */
    async function press(action: string) {
      let sign = (): void => undefined
      at.sites.signing = new Promise<void>((resolve) => (sign = resolve))
      const opened = at.context.waitForEvent('page')
      await at.page.getByRole('button', { name: action, exact: true }).click()
      sign()
      return opened
    }

    it('opens the portal in a tab that has no hold of the page', async () => {
      const tab = await press('/open')
      await tab.waitForURL(`${at.sites.portal.origin}/p/acme?token=*`)
      expect(await tab.evaluate('window.opener')).toBeNull()
      expect(at.sites.visits[0]?.referer).toBeUndefined()
    })

    it('opens a portal that takes a form, which keeps its session', async () => {
      const tab = await press('/fdback/open')
      await tab.waitForURL(`${at.sites.portal.origin}/board`)
      expect(await tab.textContent('h1')).toContain('session=')
    })
  })
}
