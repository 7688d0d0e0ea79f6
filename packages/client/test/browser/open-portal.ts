import { click, expectEnd, type Lab } from '../lab'

const OPEN = "countersign.openPortal('/sign', { timeout: 2000 })"
const never = (): void => undefined

export function testOpenPortal(at: Lab): void {
  describe('openPortal()', () => {
    it.each(['/', '/coop'])(
      'opens the portal in a tab that has no hold of the page: %s',
      async (path) => {
        await at.page.goto(at.sites.app.origin + path)
        let sign = (): void => undefined
        at.sites.signing = new Promise<void>((resolve) => (sign = resolve))
        const opened = at.context.waitForEvent('page')
        await click(at, OPEN)
        const tab = await opened
        expect([tab.url(), await tab.title()]).toEqual(['about:blank', 'Loading…'])
        sign()
        await expectEnd(at, 'done')
        await tab.waitForURL(`${at.sites.portal.origin}/p/acme?token=*`)
        expect(await tab.evaluate('window.opener')).toBeNull()
        expect(await tab.evaluate('history.length')).toBe(1)
        expect(at.sites.visits[0]?.referer ?? '').not.toContain('token')
      },
    )

    it('rejects with `blocked` where the browser opens no tab', async () => {
      await at.page.goto(`${at.sites.app.origin}/at-load`)
      await expectEnd(at, 'blocked')
      expect(at.sites.signed).toBe(0)
    })

    it('rejects with `signed_out` without a user, and closes the tab', async () => {
      at.sites.user = null
      await click(at, OPEN)
      await expectEnd(at, 'signed_out')
      expect(at.context.pages()).toHaveLength(1)
    })

    it.each<[string, number, string]>([
      ['a server error', 500, '{"url":"http://127.0.0.1"}'],
      ['a page', 200, '<!doctype html>'],
      ['a URL that is none', 200, '{"url":"x"}'],
      ['a script', 200, '{"url":"javascript:alert(1)"}'],
    ])('rejects with `network` for %s, and closes the tab', async (_, status, body) => {
      at.sites.reply = (res) => void res.writeHead(status).end(body)
      await click(at, OPEN)
      await expectEnd(at, 'network')
      expect(at.context.pages()).toHaveLength(1)
    })

    it('rejects with `network` where the server hangs up or never responds', async () => {
      at.sites.reply = (res) => void res.destroy()
      await click(at, OPEN)
      await expectEnd(at, 'network')
      at.sites.reply = never
      await click(at, "countersign.openPortal('/sign', { timeout: 200 })")
      await expectEnd(at, 'network')
      expect(at.context.pages()).toHaveLength(1)
    })

    it('rejects with `closed` when the user closes the tab, without waiting for the server', async () => {
      at.sites.reply = never
      const opened = at.context.waitForEvent('page')
      await click(at, "countersign.openPortal('/sign')")
      await (await opened).close()
      await expectEnd(at, 'closed')
    })
  })
}
