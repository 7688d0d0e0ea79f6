import type { Visitor } from './portal'

/** The page in a tab. */
export function page(visitor: Visitor | undefined): string {
  return html(visitor ? known(visitor) : '<p>Open the portal from your app.</p>')
}

/** The page in an iframe. It can detect that the browser has blocked the cookie. */
export function framePage(visitor: Visitor | undefined, isSignedIn: boolean): string {
  if (visitor || !isSignedIn) return page(visitor)
  return html(`<p>Your browser has not kept our cookie, so we do not know you here.
    Open this page in a tab of its own.</p>`)
}

/** The page for a refused link. It tells `embedPortal()` that the link has expired, which then signs again. */
export function refusalPage(isExpired: boolean): string {
  if (!isExpired) return html('<p>This link is not valid.</p>')
  return html(`<p>This link has expired. Open the portal from your app again.</p>
    <script>if (parent !== self) parent.postMessage('countersign:expired', '*')</script>`)
}

function known({ id, notice }: Visitor): string {
  return `<h1>${escaped(id)}</h1>${notice ? `<p role="status">${escaped(notice)}</p>` : ''}`
}

function html(content: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Ideas</title>${content}`
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
