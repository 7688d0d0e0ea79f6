import type { FrameLocator, Locator, Page } from 'playwright-core'
import type { FormatId } from '../src/formats'
import type { RunningDemo } from './running-demo'
import { signFor } from './visits'

/** Whatever shows a board: a tab, or a frame in one. */
export type BoardView = Page | FrameLocator

/** Opens the laboratory, and waits until a credential was signed and checked. */
export async function openLab(
  page: Page,
  { appOrigin }: RunningDemo,
  format: FormatId,
): Promise<void> {
  await page.bringToFront() // a browser draws a page in the background once a second
  await page.goto(`${appOrigin}/${format}`)
  await page.locator('.answer').waitFor()
}

/** Chooses the signed-in user, and waits until the page shows it. */
export async function signIn(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name, exact: true }).click()
  await page.locator('[name=user][aria-pressed=true]', { hasText: name }).waitFor()
  await page.locator('.answer').waitFor()
}

/** Breaks the credential, and waits for what the checks say. */
export async function breakIt(page: Page, how: string): Promise<void> {
  const answered = page.waitForResponse(/\/check$/)
  await page.getByRole('button', { name: how }).click()
  await answered
  await page.locator('.answer.bad').waitFor()
}

/** The button that sends what travels to the portal. */
export function sendButton(page: Page): Locator {
  return page.locator('#send')
}

/** Sends what travels, and waits for the new tab that shows the portal's answer. */
export async function sendInNewTab(page: Page): Promise<Page> {
  await page.bringToFront()
  const opened = page.context().waitForEvent('page')
  await sendButton(page).click()
  const tab = await opened
  await tab.getByRole('heading', { level: 1 }).waitFor()
  await tab.waitForLoadState()
  return tab
}

/** Follows a link that the app has signed for a user: the laboratory is not needed for that. */
export async function follow(
  page: Page,
  demo: RunningDemo,
  format: Exclude<FormatId, 'fdback'>,
  user: 'ada' | 'zoe' | 'mallory',
): Promise<string> {
  const { url } = await signFor(demo, user, format)
  await page.bringToFront()
  await page.goto(url)
  return url
}

/** What a person can read of an element, in one line. */
export async function read(locator: Locator): Promise<string> {
  return (await locator.innerText()).replace(/\s+/g, ' ').trim()
}

/** What the page calls the focused element. */
export function focused(view: Page): Promise<string> {
  return view.evaluate<string>(
    `(({ ariaLabel, innerText, title, tagName }) => ariaLabel || innerText || title || tagName)(document.activeElement)`,
  )
}

/** The panel that says who the visitor is. */
export function known(view: BoardView): Locator {
  return view.getByRole('region', { name: 'How we know' })
}

/** The button that votes for a feature request. */
export function voteFor(view: BoardView, title: string): Locator {
  return view.getByRole('button', { name: `Vote for ${title}` })
}

export async function votes(view: BoardView, title: string): Promise<number> {
  return Number(await read(voteFor(view, title)))
}

/** Waits for what a page says after an action. */
export async function said(view: BoardView, text: string): Promise<void> {
  await view.getByRole('status').filter({ hasText: text }).waitFor()
}
