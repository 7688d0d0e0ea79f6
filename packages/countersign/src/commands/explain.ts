import {
  explain,
  type Cause,
  type Decoded,
  type ExplainOptions,
  type Explanation,
  type Language,
  type Range,
} from '@countersign/explain'
import { Option } from 'commander'
import type { CommandModule } from '../command'
import { EXIT } from '../failure'
import { openPortal, withCredential } from '../options'
import { guardOf, OTHER_FORMAT, otherPortals, type Opened } from '../portals'
import { readCredential, variable } from '../sources'
import { LANGUAGES } from '../serve/parts'
import { painter, visible, visibleLines, type Paint } from '../style'
import type { Terminal } from '../terminal'

const OTHER_HELP = 'a variable with another secret that may have signed (repeatable)'

/** Names every mistake, and the lines that correct it. */
export const command: CommandModule = {
  examples: [
    'countersign explain -p featkit --secret-env FEATKIT_SECRET "$REFUSED_LINK"',
    'countersign explain -p fdback --workspace-id w_1 --secret-env FDBACK_SECRET --json < request.txt',
    'countersign explain -p featkit --secret-env FEATKIT_SECRET --other-env STAGING_SECRET --language python "$REFUSED_LINK"',
  ],
  define(own, argv) {
    const collected = (name: string, names: readonly string[] = []) => [...names, name]
    withCredential(own, argv)
      .addOption(new Option('--other-env <name>', OTHER_HELP).argParser(collected))
      .addOption(
        new Option('--language <name>', 'show lines for one language').choices(
          Object.keys(LANGUAGES),
        ),
      )
  },
  async run(options, terminal, argument) {
    const others = (options.otherEnv ?? []).map((name) => [name, variable(name, terminal)] as const)
    const opened = await openPortal(options, terminal)
    const text = await readCredential(argument, terminal)
    const more = { others: Object.fromEntries(others), bearer: options.bearer }
    const explanation = await explainedFor(opened, text, more)
    const isMode = ({ id }: Cause) => id === 'jwt-for-hash' || id === 'hash-for-jwt'
    const other = explanation.causes.some(isMode) ? OTHER_FORMAT[options.portal] : undefined
    return {
      code: explanation.verdict === 'accepted' ? EXIT.valid : EXIT.refused,
      json: { portal: options.portal, ...explanation },
      out: textOf(explanation, options.language as Language | undefined, terminal),
      ...(other && { err: `If the portal is in its other mode, pass --portal ${other}.\n` }),
    }
  },
}

/** @param more what only a command line says */
export function explainedFor(
  opened: Opened,
  given: string,
  more: Pick<ExplainOptions, 'others' | 'bearer'> = {},
): Promise<Explanation> {
  const { portal, secret, now } = opened
  const portals = otherPortals(opened)
  return explain(given, { ...guardOf(portal), portal, secret, portals, now, ...more })
}

function textOf(
  { verdict, code, causes, decoded }: Explanation,
  language: Language | undefined,
  terminal: Terminal,
): string {
  const { stdout } = terminal
  const paint = painter(stdout, terminal)
  const width = Math.min(stdout.columns, 100) - 6
  const refused = `${paint(['bold', 'red'], '✖ refused')}  ${paint('dim', code ?? '')}`
  const told = causes.map(({ sentence, change, range, lines }, index) => {
    const number = causes.length > 1 ? `${index + 1}. ` : ''
    const marked = excerpt(decoded.text, range, width, paint).replaceAll(/^/gm, '   ')
    const head = `${number}${paint('bold', visible(sentence))}\n   ${visible(change)}`
    return `${head}\n\n${marked}\n\n${linesText(lines, language, paint)}`
  })
  const first = verdict === 'accepted' ? paint(['bold', 'green'], '✔ accepted') : refused
  return [`${first}\n`, ...told, decodedText(decoded, paint)].filter(Boolean).join('\n')
}

/** A part of a text on one line, with the marked part in colour and underlined by carets. */
function excerpt(text: string, [start, end]: Range, width: number, paint: Paint): string {
  const shown = visible(text)
  const room = Math.max(20, width)
  const length = Math.min(Math.max(end - start, 1), room - 12)
  const from = Math.max(0, Math.min(start - Math.floor((room - length) / 2), shown.length - room))
  const to = Math.min(shown.length, from + room)
  const [before, after] = [from > 0 ? '…' : '', to < shown.length ? '…' : '']
  const last = Math.min(Math.max(end, start + 1), to)
  const line =
    shown.slice(from, start) + paint('red', shown.slice(start, last)) + shown.slice(last, to)
  const carets =
    ' '.repeat(before.length + start - from) + paint('red', '^'.repeat(Math.max(1, last - start)))
  return `${before}${line}${after}\n${carets}`
}

function linesText(lines: Cause['lines'], language: Language | undefined, paint: Paint): string {
  const shown = Object.entries(lines).filter(([name]) => !language || name === language)
  const all = shown.flatMap(([name, text]) =>
    text.split('\n').map((line, index) => {
      return `   ${paint('cyan', (index === 0 ? name : '').padEnd(10))}  ${line}\n`
    }),
  )
  return all.join('')
}

function decodedText({ claims, place, issuedAt, expiresAt }: Decoded, paint: Paint): string {
  if (claims === null) return ''
  const times = [issuedAt && `issued ${issuedAt}`, expiresAt && `expires ${expiresAt}`]
  const about = [place && `read from ${place}`, ...times].filter(Boolean)
  const json = visibleLines(JSON.stringify(claims, null, 2)).replaceAll(/^/gm, '   ')
  return `${paint('dim', `Decoded, ${about.join(', ')}:`)}\n${json}\n`
}
