import type { Browser, BrowserContext, Page } from 'playwright-core'
import { launchChromium, watchForTrouble } from './chromium'
import { demoForTests, type RunningDemo } from './running-demo'

/** What a test in a browser has at hand. */
export interface Visit {
  readonly demo: RunningDemo
  readonly context: BrowserContext
  readonly page: Page
  /** What went wrong in any page of the context. It fails the test, unless the test takes it out. */
  readonly trouble: string[]
}

/** Starts a demo and a browser for the tests of this block. Each test starts with one page and no cookies. */
export function visitInBrowser(): Visit {
  const visit = { demo: demoForTests() } as { -readonly [Name in keyof Visit]: Visit[Name] } // complete as soon as a test runs
  let browser: Browser | undefined

  beforeAll(async () => {
    browser = await launchChromium()
    visit.context = await browser.newContext({
      viewport: { width: 1280, height: 900 },
      reducedMotion: 'reduce',
    })
    visit.trouble = watchForTrouble(visit.context)
    visit.page = await visit.context.newPage()
  })
  afterEach(async () => {
    const { context, page } = visit
    for (const other of context.pages()) if (other !== page) await other.close()
    await page.unrouteAll()
    await context.clearCookies()
    expect(visit.trouble.splice(0)).toEqual([])
  })
  afterAll(() => browser?.close())
  return visit
}
