import type { Range } from '@countersign/explain'
import { visible, type Paint } from './style'

/** A part of a text on one line, with the marked part in colour and underlined by carets. */
export function excerpt(text: string, [start, end]: Range, width: number, paint: Paint): string {
  const shown = visible(text)
  const room = Math.max(20, width)
  const length = Math.min(Math.max(end - start, 1), room - 12)
  const from = Math.max(0, Math.min(start - Math.floor((room - length) / 2), shown.length - room))
  const to = Math.min(shown.length, from + room)
  const [before, after] = [from > 0 ? '…' : '', to < shown.length ? '…' : '']
  const last = Math.min(Math.max(end, start + 1), to)
  const line =
    shown.slice(from, start) + paint('red', shown.slice(start, last)) + shown.slice(last, to)
  const carets = ' '.repeat(before.length + start - from) + paint('red', '^'.repeat(last - start))
  return `${before}${line}${after}\n${carets}`
}
