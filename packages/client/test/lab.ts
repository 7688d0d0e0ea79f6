import type { BrowserContext, Page } from 'playwright-core'
import { openChromium, type Chromium } from '@countersign/browser-tests'
import { startSites, type Sites } from './sites'

export interface Lab {
  readonly sites: Sites
  readonly context: BrowserContext
  /** The app's page. Each test loads it again. */
  readonly page: Page
}

/** Starts both sites and a browser that blocks pop-ups and third-party cookies, for the tests of this block. */
export function lab(): Lab {
  const current: { -readonly [Name in keyof Lab]?: Lab[Name] } = {}
  const trouble: string[] = []
  let chromium: Chromium | undefined

  beforeAll(async () => {
    current.sites = await startSites()
    chromium = await openChromium({ blocksThirdPartyCookies: true })
    current.context = chromium.context
    current.page = chromium.context.pages()[0] as Page // the one of a new window
    current.context.on('weberror', (error) => trouble.push(String(error.error())))
    current.context.on('console', (message) => {
      if (/Content Security Policy|TrustedHTML|Trusted/.test(message.text()))
        trouble.push(message.text())
    })
  })
  beforeEach(async () => {
    const { sites, context, page } = current as Lab // started
    const user = { id: 'u1', email: 'ada@example.com' }
    Object.assign(sites, { user, signing: undefined, reply: undefined, signed: 0 })
    sites.visits.length = 0
    await context.clearCookies()
    await page.goto(sites.app.origin)
  })
  afterEach(async () => {
    for (const page of current.context?.pages().slice(1) ?? []) await page.close()
    expect(trouble.splice(0)).toEqual([])
  })
  afterAll(async () => {
    await chromium?.close()
    await Promise.all([current.sites?.app.close(), current.sites?.portal.close()])
  })
  return current as Lab // complete when a test runs
}

/** Calls the client in the handler of a click, and notes in the title how it ends. */
export async function click({ page }: Lab, call: string): Promise<void> {
  await page.evaluate(`(() => {
    const button = document.createElement('button')
    button.textContent = 'Go'
    button.onclick = () => {
      document.title = 'waiting'
      ${call}.then(() => (document.title = 'done'), ({ code }) => (document.title = code))
    }
    document.body.replaceChildren(button)
  })()`)
  await page.getByRole('button', { name: 'Go' }).click()
}

/** Waits until a call has ended, and expects its result in the title. */
export async function expectEnd({ page }: Lab, title: string): Promise<void> {
  while (/^(?:App|waiting)$/.test(await page.title())) await page.waitForTimeout(5)
  expect(await page.title()).toBe(title)
}
