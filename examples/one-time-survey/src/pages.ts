import { createHash } from 'node:crypto'
import type { Answer } from './answers'

const STYLE = `:root { color-scheme: light dark; font: 1.1rem/1.5 system-ui, sans-serif }
      body { max-width: 34rem; margin: 3rem auto; padding: 0 1rem }
      fieldset, textarea { box-sizing: border-box; width: 100% }
      label { display: block } button { font: inherit; margin-top: 1rem }`

/** Our own style and a form to ourselves, nothing else. */
export const POLICY: string = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

const RATINGS = ['Poor', 'Could be better', 'All right', 'Good', 'Great']

/**
 * The form goes to the page's own address, which holds the link.
 * @param incomplete what came without a rating
 */
export function surveyPage(incomplete?: Answer): string {
  const notice = incomplete
    ? '<p role="alert"><strong>Choose one of the five first.</strong> Your link is still good.</p>'
    : ''
  const ratings = RATINGS.map(
    (text, index) =>
      `<label><input type="radio" name="rating" value="${index + 1}" required> ${text}</label>`,
  )
  return page(
    'How was your autumn with Lantern?',
    `${notice}
    <form method="post">
      <fieldset><legend>All in all</legend>${ratings.join('')}</fieldset>
      <label for="remark">Anything else?</label>
      <textarea id="remark" name="remark" maxlength="500" rows="4">
${escape(incomplete?.remark ?? '')}</textarea>
      <button>Send my answer</button>
    </form>
    <p>Your link is good for one answer.</p>`,
  )
}

export function thanksPage(): string {
  return page('Thank you', '<p>Your answer is with us, and your link has done its work.</p>')
}

/** @param text what happened, and what to do now */
export function noticePage(title: string, text: string): string {
  return page(title, `<p>${escape(text)}</p>`)
}

function page(title: string, main: string): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <title>${escape(title)}</title>
    <style>${STYLE}</style>
  </head>
  <body>
    <h1>${escape(title)}</h1>
    ${main}
  </body>
</html>
`
}

/** Text for between tags. A template engine does this for you. */
function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
