// Text that can be edited while its parts are coloured: highlights leave the text and the caret alone.

const COLOURED = ['header', 'payload', 'body', 'timestamp', 'signature', 'changed']

/** @param changed called when a person has edited the text */
export function createEditor(field, changed) {
  field.addEventListener('input', () => {
    paint({})
    changed()
  })
  return {
    get text() {
      return field.textContent
    },
    set text(text) {
      field.textContent = text
      paint({})
    },
    /** @param parts `[name, from, to]`; @param signed the text before anything was changed */
    colour(parts, signed) {
      field.normalize()
      const node = field.firstChild
      if (!node) return
      const ranges = {}
      for (const [name, from, to] of parts) (ranges[name] ??= []).push(rangeIn(node, from, to))
      const difference = signed && differenceOf(signed, field.textContent)
      if (difference) ranges.changed = [rangeIn(node, ...difference)]
      paint(ranges)
    },
  }
}

function paint(ranges) {
  if (!globalThis.Highlight) return
  for (const name of COLOURED) CSS.highlights.set(name, new Highlight(...(ranges[name] ?? [])))
  const { changed } = ranges
  if (changed) CSS.highlights.get('changed').priority = 1
}

function rangeIn(node, from, to) {
  const range = new Range()
  range.setStart(node, Math.min(from, node.length))
  range.setEnd(node, Math.min(to, node.length))
  return range
}

/** Where a text differs from another, if that is one place and not most of it. */
function differenceOf(before, after) {
  if (before === after) return null
  let start = 0
  while (before[start] === after[start]) start++
  let [a, b] = [before.length, after.length]
  while (a > start && b > start && before[a - 1] === after[b - 1]) [a, b] = [a - 1, b - 1]
  return b - start > after.length / 2 ? null : [start, Math.max(b, start + 1)]
}
