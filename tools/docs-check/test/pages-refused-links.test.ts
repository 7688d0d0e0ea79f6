import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { createVerifier, REJECTIONS, type RequestView } from '@countersign/core'
import { readDocument, root } from './documents'
import { NOW } from './mistakes'
import { allMistakes } from './mistakes-of-portals'

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
    const nothing = { method: 'GET', target: '/', headers: () => [], body: () => Buffer.alloc(0) }
    const { verify } = createVerifier(portal, { now: () => NOW })
    const view: RequestView = { ...nothing, native: undefined, ...request }
    const result = await verify(view)
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
