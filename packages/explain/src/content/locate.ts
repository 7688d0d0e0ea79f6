import type { Apart } from '../apart/apart'
import type { Range } from '../given/piece'

/** Where a part of the decoded JSON is in what was given. */
export function locate({ payload, bytes }: Apart, json: string, at: Range): Range {
  if (payload.text === json) return payload.rangeOf(...at)
  const length = bytes?.length ?? 0
  const isBase64 = Math.abs(payload.text.replace(/=+$/, '').length - (length * 4) / 3) < 2
  if (!isBase64) return payload.range
  const [start, end] = at.map((offset) => Buffer.byteLength(json.slice(0, offset)))
  const from = Math.floor(((start ?? 0) * 4) / 3)
  const to = Math.ceil(((end ?? length) * 4) / 3)
  return payload.rangeOf(from, Math.min(payload.length, Math.max(to, from + 1)))
}

/** Where a member of a JSON object is in its text, with its value. */
export function memberAt(json: string, name: string): Range | undefined {
  const quoted = JSON.stringify(name)
    .slice(1, -1)
    .replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const pattern = new RegExp(
    `["':]?${quoted}["']?\\s*(?::|=>)\\s*("(?:[^"\\\\]|\\\\.)*"|[^,}\\]]*)`,
  )
  const match = pattern.exec(json)
  return match ? [match.index, match.index + match[0].length] : undefined
}
