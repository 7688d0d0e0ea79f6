import type { Part, Range } from '@countersign/explain'
import { visibleLines } from '../style'
import { html, type Html } from './html'

export const LANGUAGES: Readonly<Record<string, string>> = {
  javascript: 'JavaScript',
  python: 'Python',
  php: 'PHP',
  ruby: 'Ruby',
  curl: 'curl',
}

/** The same code in every language, of which the style sheet shows the chosen one. */
export function code(lines: Readonly<Record<string, string>>): readonly Html[] {
  return Object.entries(lines).map(
    ([language, text]) =>
      html`<figure class="code" data-language="${language}">
        <figcaption>${LANGUAGES[language]}</figcaption>
        <pre tabindex="0"><code>${text}</code></pre>
      </figure>`,
  )
}

export function coloured(name: string | undefined, text: string | null | undefined): Html {
  return html`<span class="part ${name}">${text}</span>`
}

/** A text whose parts are coloured and whose mistakes are marked, under what the colours mean. */
export function marked(text: string, parts: readonly Part[], mistakes: readonly Range[]): Html {
  const wrong = mistakes.map(widened)
  const ends = [0, text.length, ...parts.flatMap(({ range }) => range), ...wrong.flat()]
  const cuts = [...new Set(ends)].filter((each) => each <= text.length).toSorted((a, b) => a - b)
  const pieces = cuts.slice(0, -1).map((start, index) => {
    const end = cuts[index + 1] as number // one more than there are pieces
    const isIn = ([from, to]: Range): boolean => from <= start && end <= to
    const piece = visibleLines(text.slice(start, end))
    const part = parts.find(({ range }) => isIn(range))
    const content = part ? coloured(part.name, piece) : piece
    return wrong.some(isIn) ? html`<mark>${content}</mark>` : content
  })
  const names = [...new Set(parts.map(({ name }) => name))]
  return html`<ul class="legend">
      ${names.map((name) => html`<li>${coloured(name, name)}</li>`)}
    </ul>
    <pre class="wrap" tabindex="0"><code>${pieces}</code></pre>`
}

/** A place between two characters is shown at the one before it. */
function widened([start, end]: Range): Range {
  return start === end ? [Math.max(0, start - 1), end] : [start, end]
}
