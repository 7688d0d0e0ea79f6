import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium, type Browser, type BrowserContext, type Frame, type Page } from 'playwright-core'

const PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const executablePath = process.env['CHROMIUM'] ?? PATHS.find((path) => existsSync(path))
const isRequired = Boolean(process.env['CI'])

if (!executablePath && !isRequired) {
  console.warn('SKIPPED: no Chromium here, so the pages are not tested. Install chromium.')
}

/** Tests that need a browser: skipped where there is none, but never in CI. */
export const describeInBrowser: jest.Describe =
  executablePath || isRequired ? describe : describe.skip

/** @throws Error where there is no Chromium */
export function launchChromium(): Promise<Browser> {
  if (!executablePath) throw new Error('CI must have Chromium: apt-get install chromium')
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] })
}

/** What a page must not do: break, open a dialog, or try what its policy forbids. */
export function watchForTrouble(context: BrowserContext): string[] {
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

/** Whether a page is wider than its window. */
export function overflows(page: Page): Promise<boolean> {
  return page.evaluate<boolean>('document.documentElement.scrollWidth > innerWidth')
}

const IMAGES = join(__dirname, '..', '..', '..', 'docs', 'images')

/** Takes a picture for the README, when asked to: `UPDATE_SCREENSHOTS=1`. */
export async function picture(page: Page, name: string): Promise<void> {
  if (process.env['UPDATE_SCREENSHOTS'] !== '1') return
  mkdirSync(IMAGES, { recursive: true })
  await page.screenshot({ path: join(IMAGES, `${name}.png`), animations: 'disabled' })
}
