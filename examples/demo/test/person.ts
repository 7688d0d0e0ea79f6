import type { BrowserContext, FrameLocator, Locator, Page } from 'playwright-core'

/** Whatever shows a board: a tab, or a frame in one. */
export type BoardView = Page | FrameLocator

export type Treatment = 'As signed' | 'One letter changed' | 'Signed eight days ago'

/** Chooses who to be, on the page of the app. */
export async function signIn(page: Page, appOrigin: string, name: string): Promise<void> {
  await page.goto(appOrigin)
  await page.getByRole('button', { name, exact: true }).click()
  await page.getByRole('heading', { level: 1, name }).waitFor()
  await page.waitForLoadState()
}

export async function choose(page: Page, treatment: Treatment): Promise<void> {
  await page.getByRole('radio', { name: treatment }).check()
}

/** The card of a portal, on the page of the app. */
export function card(page: Page, format: string): Locator {
  return page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: format }) })
}

/** Presses the button of a card. */
export async function press(page: Page, format: string): Promise<void> {
  await card(page, format).getByRole('button').click()
}

/** Presses a button that opens a new tab, and waits for that. */
export async function newTab(context: BrowserContext, click: Promise<void>): Promise<Page> {
  const opened = context.waitForEvent('page')
  await click
  const tab = await opened
  await tab.getByRole('heading', { level: 1 }).waitFor()
  await tab.waitForLoadState()
  return tab
}

/** What a person can read of an element, in one line. */
export async function read(locator: Locator): Promise<string> {
  return (await locator.innerText()).replace(/\s+/g, ' ').trim()
}

/** The panel that says who came. */
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

/** Waits for what a page says after something was done. */
export async function said(view: BoardView, text: string): Promise<void> {
  await view.getByRole('status').filter({ hasText: text }).waitFor()
}
