import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BrowserContext, Page } from 'playwright-core'

/** Everything that the pages of a context log or break, and every address that they ask for. */
export function watch(context: BrowserContext) {
  const trouble: string[] = []
  const requested: string[] = []
  context.on('weberror', (error) => trouble.push(String(error.error())))
  context.on('console', (message) => trouble.push(message.text()))
  context.on('request', (request) => requested.push(request.url()))
  return { trouble, requested }
}

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')

/** What axe finds in a page. @param rules the ids of its rules; all, where there are none */
export async function axeFindings(
  page: Page,
  rules: readonly string[] = [],
): Promise<readonly string[]> {
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(AXE)
  const options = rules.length > 0 ? { runOnly: rules } : {}
  return page.evaluate<string[]>(
    `axe.run(${JSON.stringify(options)}).then(({ violations }) => violations.flatMap(({ id, nodes }) =>
       nodes.map((node) => id + ': ' + node.html + ' ' + node.failureSummary)))`,
  )
}

const IMAGES = join(__dirname, '..', '..', '..', '..', 'docs', 'images')

/** Takes a picture for the documentation, when asked to: `UPDATE_SCREENSHOTS=1`. */
export async function picture(page: Page, name: string): Promise<void> {
  if (process.env['UPDATE_SCREENSHOTS'] !== '1') return
  mkdirSync(IMAGES, { recursive: true })
  await page.screenshot({ path: join(IMAGES, `${name}.png`), animations: 'disabled' })
}
