import { createVerifier, type Portal, type RequestView } from '@countersign/core'
import { readDocument } from './documents'
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
