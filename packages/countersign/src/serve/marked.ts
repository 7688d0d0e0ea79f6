import type { Part, Range } from '@countersign/explain'
import { visibleLines } from '../style'
import { html, type Html } from './html'

/** A text whose parts are coloured and whose mistakes are marked. */
export function marked(text: string, parts: readonly Part[], mistakes: readonly Range[]): Html {
  const ends = [
    0,
    text.length,
    ...parts.flatMap(({ range }) => range),
    ...mistakes.flatMap(widened),
  ]
  const cuts = [...new Set(ends)].filter((each) => each <= text.length).toSorted((a, b) => a - b)
  const pieces = cuts.slice(0, -1).map((start, index) => {
    const end = cuts[index + 1] as number // one more than there are pieces
    const piece = visibleLines(text.slice(start, end))
    const part = parts.find(({ range }) => range[0] <= start && end <= range[1])
    const content = part ? html`<span class="part ${part.name}">${piece}</span>` : html`${piece}`
    const isWrong = mistakes.map(widened).some((range) => range[0] <= start && end <= range[1])
    return isWrong ? html`<mark>${content}</mark>` : content
  })
  return html`<pre class="wrap" tabindex="0"><code>${pieces}</code></pre>`
}

/** A place between two characters is shown at the one before it. */
function widened([start, end]: Range): Range {
  return start === end ? [Math.max(0, start - 1), end] : [start, end]
}

/** What the colours mean. */
export function legend(parts: readonly Part[]): Html {
  const names = [...new Set(parts.map(({ name }) => name))]
  return html`<ul class="legend">
    ${names.map((name) => html`<li><span class="part ${name}">${name}</span></li>`)}
  </ul>`
}
