import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { createSigner } from '@countersign/core'
import { fdback, featkit } from '@countersign/core/schemes'
import { buildCommandLine, secret, type Built } from './support/built'
import { axeFindings, describeInBrowser, launchChromium, picture, watch } from './support/chromium'

describeInBrowser('the debugger in Chromium', () => {
  let built: Built
  let browser: Browser
  let context: BrowserContext
  let seen: ReturnType<typeof watch>
  const servers: ChildProcess[] = []

  beforeAll(async () => {
    built = buildCommandLine()
    browser = await launchChromium()
  })
  afterEach(() => context?.close())
  afterAll(async () => {
    for (const server of servers) server.kill('SIGINT')
    await browser?.close()
    built.remove()
  })

  async function serve(...options: readonly string[]): Promise<{ url: string; log: () => string }> {
    const argv = [built.main, 'serve', ...options, '--secret-env', 'SECRET', '--port', '0']
    const server = spawn(process.execPath, argv, { env: { SECRET: secret } })
    servers.push(server)
    let log = ''
    server.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()))
    const [line] = (await once(server.stdout, 'data')) as [Buffer] // the first line
    log += line.toString()
    return { url: line.toString().trim(), log: () => log }
  }

  async function open(url: string, look: BrowserContextOptions = {}): Promise<Page> {
    await context?.close()
    context = await browser.newContext({ viewport: { width: 1280, height: 860 }, ...look })
    seen = watch(context)
    const page = await context.newPage()
    await page.goto(url)
    return page
  }

  const input = (page: Page) => page.getByLabel('A link, a credential, a request or a curl command')
  const verdict = (page: Page, pane: 'check' | 'sign') => page.locator(`#${pane}-result .verdict`)

  async function damagedLink(): Promise<string> {
    const { url } = await createSigner(featkit({ secret, slug: 'acme' })).sign({ id: '42' })
    const payload = url.slice(url.indexOf('=') + 1, url.lastIndexOf('.'))
    const mac = createHmac('sha256', `${secret}\n`).update(payload).digest('base64')
    return `https://featkit.com/p/acme?token=${payload}.${mac}`
  }

  it('explains and signs without its script', async () => {
    const { url } = await serve('-p', 'featkit', '--slug', 'acme')
    const page = await open(url, { javaScriptEnabled: false })
    await page.getByRole('button', { name: 'Sign' }).click()
    expect(await verdict(page, 'sign').innerText()).toContain('Signed')
    await input(page).fill(await damagedLink())
    await page.getByRole('button', { name: 'Check' }).click()
    expect(await verdict(page, 'check').innerText()).toContain('Refused')
  })

  it('explains what is pasted while it is typed, and leaves it as it is', async () => {
    const { url } = await serve('-p', 'featkit', '--slug', 'acme')
    const page = await open(url)
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
    const { url, log } = await serve('-p', 'featkit', '--slug', 'acme')
    const page = await open(url)
    await page.getByLabel('Name').fill('Zoë <b>')
    await page.getByLabel('Name').press('Control+Enter')
    await verdict(page, 'sign').getByText('Signed').waitFor()
    const steps = await page.locator('.steps h3').allInnerTexts()
    expect(steps).toEqual([
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
    expect(seen.requested.filter((each) => !each.startsWith(url) && each !== 'data:,')).toEqual([])
    expect(seen.requested.join() + log()).not.toContain(secret)
    expect(seen.trouble).toEqual([])
  })

  it('explains a request, and shows one language at a time', async () => {
    const { url } = await serve('-p', 'fdback', '--workspace-id', 'w_1')
    const page = await open(url)
    const { headers, body } = await createSigner(fdback({ secret, workspaceId: 'w_1' })).sign({
      email: 'ada@example.com',
    })
    const lines = Object.entries(headers!).map(([name, value]) => `${name}: ${value}`)
    await input(page).fill(
      `POST / HTTP/1.1\n${lines.join('\n')}\n\n${body!} `.replace('"ada', '"eve'),
    )
    await verdict(page, 'check').getByText('Refused').waitFor()
    const code = page
      .locator('#check-result .code')
      .first()
      .locator('xpath=..')
      .locator('pre:visible')
    const javascript = await code.innerText()
    await page.getByRole('group').getByText('Python').click()
    expect(await code.innerText()).not.toBe(javascript)
    expect(seen.trouble).toEqual([])
  })

  it.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 320],
  ] as const)('has no obstacles in %s at a width of %i', async (colorScheme, width) => {
    const { url } = await serve('-p', 'featkit', '--slug', 'acme')
    const page = await open(url, { colorScheme, viewport: { width, height: 860 } })
    const findings = [await axeFindings(page)]
    await input(page).fill(await damagedLink())
    await verdict(page, 'check').waitFor()
    await page.getByRole('button', { name: 'Sign' }).click()
    await verdict(page, 'sign').waitFor()
    findings.push(await axeFindings(page))
    expect(findings.flat()).toEqual([])
    const overflow = 'document.documentElement.scrollWidth > innerWidth'
    expect(await page.evaluate(overflow)).toBe(false)
    if (width === 1280) await picture(page, `debugger-${colorScheme}`)
  })

  it('has a picture of the terminal', async () => {
    const env = { SECRET: secret, FORCE_COLOR: '1', PATH: process.env['PATH'] }
    const explain = ['explain', '-p', 'featkit', '--secret-env', 'SECRET', '--language', 'php']
    const link = await damagedLink()
    const { stdout } = spawnSync(process.execPath, [built.main, ...explain, link], { env })
    context = await browser.newContext({ viewport: { width: 900, height: 620 } })
    const page = await context.newPage()
    await page.setContent(terminalPage(`$ countersign ${explain.join(' ')} "$LINK"`, stdout))
    expect(await page.locator('pre').innerText()).toContain('✖ refused  token_malformed')
    await picture(page, 'explain-terminal')
  })

  it('needs no mouse', async () => {
    const { url } = await serve('-p', 'featkit', '--slug', 'acme')
    const page = await open(url)
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
})

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
