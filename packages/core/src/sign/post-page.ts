import { createHash } from 'node:crypto'
import type { ResponseData } from '../request'
import { escapeHtml, HTML, PRIVATE } from '../response'
import type { SignedForm } from '../wire/page-carriers'

const SUBMIT = 'document.forms[0].submit()'
const SUBMIT_HASH = createHash('sha256').update(SUBMIT).digest('base64')
/** Says nothing about forms: Chrome would stop the portal's redirect to the board's own domain, too. */
const POLICY = `default-src 'none'; script-src 'sha256-${SUBMIT_HASH}'; base-uri 'none'; frame-ancestors 'none'`

/** A page that posts a form to the portal by itself, or with its button where scripts are off. */
export function postPage({ url, fields }: Omit<SignedForm, 'expiresAt'>): ResponseData {
  const inputs = Object.entries(fields).map(
    ([name, value]) =>
      `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`,
  )
  const form = `<form method="post" action="${escapeHtml(url)}">${inputs.join('')}<button>Continue</button></form>`
  return {
    status: 200,
    headers: { ...PRIVATE, ...HTML, 'content-security-policy': POLICY },
    body: `<!doctype html><html lang="en"><meta charset="utf-8"><title>Signing in</title>${form}<script>${SUBMIT}</script>`,
  }
}
