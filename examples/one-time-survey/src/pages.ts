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
 * The form is posted to the page's own URL, which contains the link.
 * @param incomplete the submitted form, if it had no rating
 */
export function surveyPage(incomplete?: Answer): string {
  const notice = incomplete
    ? '<p role="alert"><strong>Please choose one of the five ratings.</strong> You can still use your link.</p>'
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
    <p>You can use this link for one answer.</p>`,
  )
}

export function thanksPage(): string {
  return page('Thank you', '<p>We have your answer. Your link cannot be used again.</p>')
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

/** Escapes text for use between tags. A template engine does this for you. */
function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
