import { html, type Html } from './html'
import { LANGUAGE_NAMES } from './bench'

/** The same code in every language, of which the style sheet shows the chosen one. */
export function code(lines: Readonly<Record<string, string>>): readonly Html[] {
  return Object.entries(lines).map(
    ([language, text]) =>
      html`<figure class="code" data-language="${language}">
        <figcaption>${LANGUAGE_NAMES[language] ?? language}</figcaption>
        <pre tabindex="0" data-copy><code>${text}</code></pre>
      </figure>`,
  )
}
