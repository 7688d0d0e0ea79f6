import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromiumHere } from '@countersign/browser-tests'
import { chromium, type Browser, type BrowserContext, type Frame, type Page } from 'playwright-core'
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
    browser = await chromium.launch(chromiumHere())
    const viewport = { width: 1280, height: 900 }
    visit.context = await browser.newContext({ viewport, reducedMotion: 'reduce' })
    visit.trouble = troubleIn(visit.context)
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

/** What a page must not do: break, open a dialog, or try what its policy forbids. */
function troubleIn(context: BrowserContext): string[] {
  const trouble: string[] = []
  context.on('weberror', (error) => trouble.push(String(error.error())))
  context.on('dialog', (dialog) => {
    trouble.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  context.on('console', (message) => {
    // a refused link is a page with status 401, which the browser notes as well
    const refused = /the server responded with a status of (400|401)/.test(message.text())
    if (message.type() === 'error' && !refused) trouble.push(message.text())
  })
  return trouble
}

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')

/**
 * What axe has to say against a page.
 * @param rules the ids of its rules @default all
 */
export async function axeFindings(
  page: Page | Frame,
  rules?: readonly string[],
): Promise<readonly string[]> {
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(AXE)
  const options = { iframes: false, resultTypes: ['violations'], ...(rules && { runOnly: rules }) }
  return page.evaluate<string[]>(
    `axe.run(${JSON.stringify(options)}).then(({ violations }) => violations.flatMap(({ id, nodes }) =>
       nodes.map((node) => id + ': ' + node.html + ' ' + node.failureSummary)))`,
  )
}

const IMAGES = join(__dirname, '..', '..', '..', 'docs', 'images')

/** Takes a picture for the README, when asked to: `UPDATE_SCREENSHOTS=1`. */
export async function picture(page: Page, name: string): Promise<void> {
  if (process.env['UPDATE_SCREENSHOTS'] !== '1') return
  mkdirSync(IMAGES, { recursive: true })
  await page.screenshot({ path: join(IMAGES, `${name}.png`), animations: 'disabled' })
}
