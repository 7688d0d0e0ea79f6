import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { launchChromium, watchForTrouble } from './chromium'
import { dataFolder, runDemo, type RunningDemo } from './running-demo'

/** What a test in a browser has at hand. Each test has a context of its own. */
export interface Visit {
  readonly demo: RunningDemo
  readonly context: BrowserContext
  readonly page: Page
  /** What went wrong in any page of the context. It fails the test, unless the test takes it out. */
  readonly trouble: string[]
  /** Starts the context again, with another look. */
  restart(look: BrowserContextOptions): Promise<Page>
}

const LOOK: BrowserContextOptions = {
  viewport: { width: 1280, height: 900 },
  reducedMotion: 'reduce',
}

/** Starts a demo and a browser for the tests of this block, and ends both after them. */
export function visitInBrowser(): Visit {
  const data = dataFolder()
  const visit: { -readonly [Name in keyof Visit]?: Visit[Name] } = {}
  let browser: Browser | undefined

  async function restart(look: BrowserContextOptions): Promise<Page> {
    await visit.context?.close()
    visit.context = await browser!.newContext({ ...LOOK, ...look })
    visit.trouble = watchForTrouble(visit.context)
    return (visit.page = await visit.context.newPage())
  }

  beforeAll(async () => {
    browser = await launchChromium()
    visit.demo = await runDemo({ DATA_FOLDER: data.folder })
  })
  beforeEach(() => restart({}))
  afterEach(async () => {
    await visit.context?.close()
    expect(visit.trouble).toEqual([])
  })
  afterAll(async () => {
    await browser?.close()
    await visit.demo?.stop()
    data.remove()
  })
  return Object.assign(visit, { restart }) as Visit // complete as soon as a test runs
}
