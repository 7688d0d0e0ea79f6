import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import type { Page } from 'playwright-core'
import { describeInBrowser, openChromium, type Chromium } from '@countersign/browser-tests'
import { createSigner } from '@countersign/core'
import { fdback, featkit } from '@countersign/core/schemes'
import { buildCommandLine, secret, type Built } from './support/built'
import { axeFindings, picture, watch } from './support/chromium'

describeInBrowser('the debugger in Chromium', () => {
  const servers: ChildProcess[] = []
  let [featkitUrl, fdbackUrl] = ['', '']
  let log = ''
  let built: Built
  let chromium: Chromium
  let page: Page
  let seen: ReturnType<typeof watch>

  beforeAll(async () => {
    built = buildCommandLine()
    const starting = [serve('featkit', '--slug', 'acme'), serve('fdback', '--workspace-id', 'w_1')]
    chromium = await openChromium()
    ;[featkitUrl = '', fdbackUrl = ''] = await Promise.all(starting)
    seen = watch(chromium.context)
    page = await chromium.context.newPage()
    await page.setViewportSize({ width: 1280, height: 860 })
    await page.emulateMedia({ reducedMotion: 'reduce' })
  })
  beforeEach(() => {
    seen.trouble.length = 0
  })
  afterAll(async () => {
    for (const server of servers) server.kill('SIGINT')
    await chromium?.close()
    built.remove()
  })

  async function serve(portal: string, ...ids: readonly string[]): Promise<string> {
    const options = ['-p', portal, ...ids, '--secret-env', 'SECRET', '--port', '0']
    const env = { SECRET: secret }
    const server = spawn(process.execPath, [built.main, 'serve', ...options], { env })
    servers.push(server)
    server.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()))
    const [line] = (await once(server.stdout, 'data')) as [Buffer] // the first line
    log += line.toString()
    return line.toString().trim()
  }

  const input = (page: Page) => page.getByLabel('A link, a credential, a request or a curl command')
  const verdict = (page: Page, pane: 'check' | 'sign') => page.locator(`#${pane}-result .verdict`)

  async function damagedLink(): Promise<string> {
    const { url } = await createSigner(featkit({ secret, slug: 'acme' })).sign({ id: '42' })
    const payload = url.slice(url.indexOf('=') + 1, url.lastIndexOf('.'))
    const mac = createHmac('sha256', `${secret}\n`).update(payload).digest('base64')
    return `https://featkit.com/p/acme?token=${payload}.${mac}`
  }

  it('explains what is pasted while it is typed, and leaves it as it is', async () => {
    await page.goto(featkitUrl)
    const link = await damagedLink()
    await input(page).fill(`  ${link}\n`)
    await verdict(page, 'check').getByText('Refused').waitFor()
    expect(await input(page).inputValue()).toBe(`  ${link}\n`)
    const box = await verdict(page, 'check').boundingBox()
    expect(box!.y + box!.height).toBeLessThan(500) // above the fold
    expect(await page.locator('#check-result mark').count()).toBeGreaterThan(0)
    expect(seen.trouble).toEqual([])
  })

  it('signs in steps, and checks what it signed', async () => {
    await page.goto(featkitUrl)
    await page.getByLabel('Name').fill('Zoë <b>')
    await page.getByLabel('Name').press('Control+Enter')
    await verdict(page, 'sign').getByText('Signed').waitFor()
    expect(await page.locator('.steps h3').allInnerTexts()).toEqual([
      'JSON',
      'Text, in padded base64url',
      'What the MAC covers',
      'HMAC-SHA256, in hex',
      'URL',
    ])
    const link = await page.getByRole('link', { name: 'Open it' }).getAttribute('href')
    await input(page).fill(link!)
    await verdict(page, 'check').getByText('Accepted').waitFor()
    expect(await page.locator('#check-result dt').allInnerTexts()).toContain('Expires')
    const stored = await page.evaluate(
      'JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])',
    )
    expect(stored).toBe('[{},{},""]')
    expect(await page.content()).not.toContain(secret)
    const elsewhere = (each: string) => !each.startsWith(featkitUrl) && each !== 'data:,'
    expect(seen.requested.filter(elsewhere)).toEqual([])
    expect(seen.requested.join() + log).not.toContain(secret)
    expect(seen.trouble).toEqual([])
  })

  it('explains a request, and shows one language at a time', async () => {
    await page.goto(fdbackUrl)
    const { headers, body } = await createSigner(fdback({ secret, workspaceId: 'w_1' })).sign({
      email: 'ada@example.com',
    })
    const lines = Object.entries(headers!).map(([name, value]) => `${name}: ${value}\n`)
    const changed = body!.replace('"ada', '"eve')
    await input(page).fill(`POST / HTTP/1.1\n${lines.join('')}\n${changed}`)
    await verdict(page, 'check').getByText('Refused').waitFor()
    const code = page.locator('#check-result li:first-of-type pre:visible')
    const javascript = await code.innerText()
    await page.getByRole('group').getByText('Python').click()
    expect(await code.innerText()).not.toBe(javascript)
    expect(seen.trouble).toEqual([])
  })

  it('has no obstacles, light or dark, wide or narrow', async () => {
    await page.goto(featkitUrl)
    const findings = [...(await axeFindings(page))]
    await input(page).fill(await damagedLink())
    await verdict(page, 'check').waitFor()
    await page.getByRole('button', { name: 'Sign' }).click()
    await verdict(page, 'sign').waitFor()
    for (const [colorScheme, width, rules] of LOOKS) {
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize({ width, height: 860 })
      findings.push(...(await axeFindings(page, rules)))
      const overflow = 'document.documentElement.scrollWidth > innerWidth'
      expect([width, await page.evaluate(overflow)]).toEqual([width, false])
      if (width === 1280) await picture(page, `debugger-${colorScheme}`)
    }
    expect(findings).toEqual([])
    await page.setViewportSize({ width: 1280, height: 860 })
  })

  it('needs no mouse', async () => {
    await page.goto(featkitUrl)
    await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the check')
    await page.keyboard.press('Enter')
    await page.keyboard.type('?token=x')
    await verdict(page, 'check').getByText('Refused').waitFor()
    await page.locator('#in-javascript').focus()
    await page.keyboard.press('ArrowRight')
    expect(await page.locator('#in-python').isChecked()).toBe(true)
    expect(seen.trouble).toEqual([])
  })

  it('has a picture of the terminal', async () => {
    const env = { SECRET: secret, FORCE_COLOR: '1', PATH: process.env['PATH'] }
    const explain = ['explain', '-p', 'featkit', '--secret-env', 'SECRET', '--language', 'php']
    const link = await damagedLink()
    const { stdout } = spawnSync(process.execPath, [built.main, ...explain, link], { env })
    const terminal = await chromium.context.newPage()
    await terminal.setViewportSize({ width: 900, height: 620 })
    await terminal.setContent(terminalPage(`$ countersign ${explain.join(' ')} "$LINK"`, stdout))
    expect(await terminal.locator('pre').innerText()).toContain('✖ refused  token_malformed')
    await picture(terminal, 'explain-terminal')
  })
})

/** With the rules that another colour scheme, or a narrow page, can break. */
const LOOKS = [
  ['light', 1280, []],
  ['dark', 1280, ['color-contrast', 'link-in-text-block']],
  ['light', 320, ['target-size', 'scrollable-region-focusable']],
] as const

const STYLES: Readonly<Record<string, string>> = {
  1: 'font-weight: bold',
  2: 'opacity: .65',
  31: 'color: #ff9d94',
  32: 'color: #7fd6a0',
  36: 'color: #84bfff',
}

/** What a terminal shows of a command and its output. */
function terminalPage(command: string, output: Buffer): string {
  const text = `${command}\n${output.toString('utf8')}`
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  const shown = escaped
    .split('\u001b[')
    .map((part, index) => {
      const [, code = '', rest = part] = index === 0 ? [] : (/^(\d+)m([^]*)$/.exec(part) ?? [])
      if (index === 0) return rest
      return code in STYLES ? `<span style="${STYLES[code]}">${rest}` : `</span>${rest}`
    })
    .join('')
  const style = 'margin: 0; padding: 24px; height: 100vh; background: #16181c; color: #e8e6e3'
  return `<body style="${style}"><pre style="font: 14px/1.5 monospace; white-space: pre-wrap">${shown}</pre>`
}
