import { styleText } from 'node:util'
import type { Output, Terminal } from './terminal'

type Format = Parameters<typeof styleText>[0]

/** Colours text where the output is a terminal that wants colours. */
export type Paint = (format: Format, text: string) => string

/** Follows NO_COLOR (https://no-color.org) and FORCE_COLOR. */
export function painter({ isTTY }: Output, { env }: Terminal): Paint {
  const isForced = env['FORCE_COLOR'] !== undefined && env['FORCE_COLOR'] !== '0'
  const isWanted = isForced || (isTTY && !env['NO_COLOR'] && env['TERM'] !== 'dumb')
  return (format, text) => (isWanted ? styleText(format, text, { validateStream: false }) : text)
}

/** Text of others, with control characters made visible: a terminal would obey them. */
export function visible(text: string): string {
  return text.replaceAll(
    /\p{Cc}|[\u2028\u2029\u202a-\u202e\u2066-\u2069\u200b-\u200f]/gu,
    (each) => {
      const code = each.charCodeAt(0)
      if (code < 0x20) return String.fromCharCode(0x2400 + code)
      return code === 0x7f ? '\u2421' : '\uFFFD'
    },
  )
}

/** The same, with line breaks kept. */
export function visibleLines(text: string): string {
  return text.split('\n').map(visible).join('\n')
}
