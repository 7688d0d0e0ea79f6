import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type BrowserContext } from 'playwright-core'

const PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const executablePath = process.env['CHROMIUM'] ?? PATHS.find((path) => existsSync(path))
const isRequired = Boolean(process.env['CI'])

if (!executablePath && !isRequired) {
  process.stderr.write('SKIPPED: tests in a browser: no Chromium here. Install chromium.\n')
}

/** Tests that need a browser: skipped where there is none, but never in CI. */
export const describeInBrowser: jest.Describe =
  executablePath || isRequired ? describe : describe.skip

/**
 * How Playwright launches the Chromium of this machine.
 * @throws Error where there is none
 */
export function chromiumHere(): {
  readonly executablePath: string
  readonly args: string[]
} {
  if (!executablePath) throw new Error('CI must have Chromium: apt-get install chromium')
  return { executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] }
}

export interface ChromiumOptions {
  /** @default false */
  readonly blocksThirdPartyCookies?: boolean
}

export interface Chromium {
  readonly context: BrowserContext
  /** Closes the browser, and removes its profile. */
  close(): Promise<void>
}

/**
 * Opens Chromium with a profile of its own, since a window that is off the record blocks cookies of
 * other sites by itself, and with the popup blocker on, which Playwright switches off.
 * @throws Error where there is no Chromium
 */
export async function openChromium({
  blocksThirdPartyCookies = false,
}: ChromiumOptions = {}): Promise<Chromium> {
  const launch = chromiumHere()
  const profile = await mkdtemp(join(tmpdir(), 'countersign-browser-'))
  // what a person chooses in the settings: 0 allows them, 1 blocks them
  const preferences = { profile: { cookie_controls_mode: blocksThirdPartyCookies ? 1 : 0 } }
  await mkdir(join(profile, 'Default'))
  await writeFile(join(profile, 'Default', 'Preferences'), JSON.stringify(preferences))
  const context = await chromium.launchPersistentContext(profile, {
    ...launch,
    ignoreDefaultArgs: ['--disable-popup-blocking'],
  })
  return {
    context,
    async close() {
      await context.close()
      await rm(profile, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}
