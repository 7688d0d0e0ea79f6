import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { createVerifier, REJECTIONS, type Portal, type RequestView } from '@countersign/core'
import { readDocument, root } from './documents'
import { NOW } from './mistakes'
import { rightLinks } from './mistakes-in-links'
import { rightMessages } from './mistakes-in-messages'
import { allMistakes, portals } from './mistakes-of-portals'

/** Tested with the page's app or the adapters: they need two requests, or a parser. */
const OTHERS = ['token_replayed', 'nonce_in_progress', 'raw_body_unavailable']

function verified(portal: Portal, request: Partial<RequestView>) {
  const nothing = { method: 'GET', target: '/', headers: () => [], body: () => Buffer.alloc(0) }
  const { verify } = createVerifier(portal, { now: () => NOW })
  return verify({ ...nothing, native: undefined, ...request })
}

function rowsOf(page: string): string[] {
  const lines = readDocument(`docs/portals/${page}.md`).replaceAll("'", '’').split('\n')
  return lines.filter((line) => /^\| .* \| `\w+` +\|/.test(line))
}

describe('the mistakes on the pages of the portals', () => {
  it.each(allMistakes)('are refused as the page of %s says: %s, %s', async (...mistake) => {
    const [page, what, code, request, portal] = mistake
    expect(await verified(portal, request)).toMatchObject({ ok: false, error: { code } })
    const told = rowsOf(page).filter((row) => row.includes(what))
    expect(told).toEqual([expect.stringContaining(`| \`${code}\` `)])
  })

  it.each(['featkit', 'seggwat', 'harlyy', 'fdback'])('are all tested: %s', (page) => {
    const untried = rowsOf(page)
      .filter((row) => !OTHERS.some((code) => row.includes(`\`${code}\``)))
      .filter((row) => !allMistakes.some(([on, what]) => on === page && row.includes(what)))
    expect(rowsOf(page).length).toBeGreaterThan(7)
    expect(untried).toEqual([])
  })

  it('differ in one thing from what is accepted', async () => {
    for (const [name, request] of Object.entries(rightLinks)) {
      const portal = portals[name as keyof typeof rightLinks] // its own names
      expect([name, await verified(portal, request)]).toMatchObject([name, { ok: true }])
    }
    for (const request of rightMessages) {
      expect(await verified(portals.fdback, request)).toMatchObject({ ok: true })
    }
  })
})

interface Row {
  readonly code: string
  readonly detail: string
}

/** The rows of both tables; a row without a code continues the one above. */
function rows(): Row[] {
  let code = ''
  return readDocument('docs/refused-links.md')
    .split('\n')
    .filter((line) => /^\| (?:`| {3})/.test(line))
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .map(([, first = '', detail = '']) => {
      code = first.replaceAll('`', '') || code
      return { code, detail }
    })
}

/** The page writes "…" for what differs from case to case. */
function matches({ detail }: Row, real: string): boolean {
  const literal = detail.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${literal.join('.*')}$`).test(real)
}

const core = readdirSync(join(root, 'packages/core/src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => readDocument(`packages/core/src/${file}`).replaceAll('\\`', '`'))
  .join('\n')

describe('the page of refused links', () => {
  it.each(allMistakes)('leads from the log to a fix: %s, %s', async (...mistake) => {
    const [, , code, request, portal] = mistake
    const result = await verified(portal, request)
    const detail = result.ok ? '' : result.error.detail
    const leading = rows().filter((row) => row.code === code && matches(row, detail))
    expect([detail, leading.length]).toEqual([detail, 1])
  })

  it('quotes details that the core has', () => {
    const parts = rows().flatMap(({ detail }) => detail.split(/…|"/).map((part) => part.trim()))
    const unknown = parts.filter((part) => part.length > 2 && !core.includes(part))
    expect(rows().length).toBeGreaterThan(30)
    expect(unknown).toEqual([])
  })

  it('has every code of a guard and of a sign endpoint, except those of a body', () => {
    const BODY = ['body_timeout', 'body_too_large', 'unsupported_encoding']
    const codes = new Set([...rows().map(({ code }) => code), ...BODY])
    expect([...codes].toSorted()).toEqual(Object.keys(REJECTIONS).toSorted())
  })
})
