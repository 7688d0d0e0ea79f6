import { click, expectEnd, type Lab } from '../lab'

export function testSignIn(at: Lab): void {
  describe('signIn()', () => {
    it('takes the user to the portal, which keeps its session', async () => {
      at.sites.user = { id: '1', email: "o'neil+é@example.com" }
      await at.page.evaluate("countersign.signIn('/fdback')")
      await at.page.waitForURL(`${at.sites.portal.origin}/board`)
      expect(await at.page.textContent('h1')).toContain('session=')
      await at.page.reload()
      expect(await at.page.textContent('h1')).toContain('session=')
    })

    it('stays on the page with `fetch`, and a portal of another site keeps no session', async () => {
      await click(at, "countersign.signIn('/fdback', { by: 'fetch' })")
      await expectEnd(at, 'done')
      expect(at.sites.visits.map(({ url }) => url)).toContain('/board')
      await at.page.goto(`${at.sites.portal.origin}/board`)
      expect(await at.page.textContent('h1')).not.toContain('session=')
    })

    it('keeps the session of a portal of the same site with `fetch`', async () => {
      await click(at, "countersign.signIn('/same-site', { by: 'fetch' })")
      await expectEnd(at, 'done')
      await at.page.goto(`${at.sites.portal.origin.replace('127.0.0.1', 'localhost')}/board`)
      expect(await at.page.textContent('h1')).toContain('session=')
    })

    it('leaves a frame in which the page is', async () => {
      await at.page.evaluate(
        "document.querySelector('main').append(document.createElement('iframe'))",
      )
      await at.page.evaluate("document.querySelector('iframe').src = '/'")
      const frame = at.page.frames()[1]
      await frame?.waitForFunction('window.countersign')
      await frame?.evaluate("countersign.signIn('/fdback')")
      await at.page.waitForURL(`${at.sites.portal.origin}/board`)
      expect(at.page.frames()).toHaveLength(1)
    })

    it('posts the fields of a form as they are', async () => {
      const signed = {
        url: `${at.sites.portal.origin}/echo`,
        fields: { jwt: 'a.b', return_to: '/é' },
      }
      at.sites.reply = (res) => void res.end(JSON.stringify(signed))
      await at.page.evaluate("countersign.signIn('/zendesk')")
      await at.page.waitForURL(signed.url)
      expect(await at.page.textContent('body')).toBe('jwt=a.b&return_to=%2F%C3%A9')
    })

    it('rejects with `signed_out` and `network`', async () => {
      const fields = {
        url: `${at.sites.portal.origin}/api/auth/sdk-login`,
        fields: { _signature: 'x' },
      }
      at.sites.reply = (res) => void res.end(JSON.stringify(fields))
      await click(at, "countersign.signIn('/fdback', { by: 'fetch' })")
      await expectEnd(at, 'network')
      at.sites.reply = undefined
      at.sites.user = null
      await click(at, "countersign.signIn('/fdback')")
      await expectEnd(at, 'signed_out')
    })
  })
}
