import type { BrowserContext, Page } from 'playwright-core'
import {
  openChromium,
  serve,
  type Chromium,
  type ChromiumOptions,
  type Site,
} from '@countersign/browser-tests'

export type Listener = Parameters<typeof serve>[1]

/** A browser with two sites: an app on `localhost`, the portal of a test on `127.0.0.1`. */
export interface People {
  readonly app: Site
  readonly portal: Site
  readonly context: BrowserContext
  /** An empty page of the app. */
  readonly page: Page
}

/** Starts them for the tests of this block. Each test starts without cookies. */
export function people(
  listener: Listener,
  { appListener = emptyPage, ...options }: ChromiumOptions & { appListener?: Listener } = {},
): People {
  let chromium: Chromium | undefined
  const current: { -readonly [Name in keyof People]?: People[Name] } = {}

  beforeAll(async () => {
    current.app = await serve('localhost', appListener)
    current.portal = await serve('127.0.0.1', listener)
    chromium = await openChromium(options)
    current.context = chromium.context
    current.page = chromium.context.pages()[0] as Page // the one of a new window
  })
  beforeEach(async () => {
    const { app, context, page } = current as People // started
    await context.clearCookies()
    await page.goto(app.origin)
  })
  afterAll(async () => {
    await chromium?.close()
    await Promise.all([current.app?.close(), current.portal?.close()])
  })
  return current as People // complete when a test runs
}

const emptyPage: Listener = (_req, res) => {
  res.setHeader('content-type', 'text/html').end('<!doctype html><title>App</title>')
}

/** Puts HTML on the page. */
export async function show({ page }: People, html: string): Promise<void> {
  await page.evaluate(`document.body.innerHTML = ${JSON.stringify(html)}`)
}
