import {
  explain,
  type Cause,
  type Explanation,
  type Language,
  type Range,
} from '@countersign/explain'
import { Option } from 'commander'
import { printJson, type CommandModule } from '../command'
import { EXIT } from '../failure'
import { openPortal, withCredential, type VerifyingOptions } from '../options'
import { guardOf, OTHER_FORMAT, otherPortals } from '../portals'
import { readCredential, variable } from '../sources'
import { LANGUAGES } from '../serve/parts'
import { painter, visible, visibleLines, type Paint } from '../style'
import type { Terminal } from '../terminal'

interface ExplainingOptions extends VerifyingOptions {
  readonly otherEnv?: readonly string[]
  readonly language?: Language
}

const OTHER_HELP = 'a variable with another secret that may have signed (repeatable)'

/** Names every mistake, and the lines that correct it. */
export const command: CommandModule<ExplainingOptions> = {
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
    const { portal, secret, ids } = await openPortal(options, terminal)
    const text = await readCredential(argument, terminal)
    const portals = otherPortals(options.portal, secret, ids)
    const explanation = await explain(text, {
      ...guardOf(portal),
      portal,
      secret,
      others: Object.fromEntries(others),
      portals,
      bearer: options.bearer,
      now: () => terminal.now(),
    })
    if (options.json) printJson(terminal, 'explain', { portal: options.portal, ...explanation })
    else print(explanation, options, terminal)
    return explanation.verdict === 'accepted' ? EXIT.valid : EXIT.refused
  },
}

function print(explanation: Explanation, options: ExplainingOptions, terminal: Terminal): void {
  const { verdict, code, causes, decoded } = explanation
  const { stdout, stderr } = terminal
  const paint = painter(stdout, terminal)
  const width = Math.min(stdout.columns, 100) - 6
  const refused = `${paint(['bold', 'red'], '✖ refused')}  ${paint('dim', code ?? '')}`
  stdout.write(`${verdict === 'accepted' ? paint(['bold', 'green'], '✔ accepted') : refused}\n`)
  for (const [index, cause] of causes.entries()) {
    const number = causes.length > 1 ? `${index + 1}. ` : ''
    const marked = excerpt(decoded.text, cause.range, width, paint).replaceAll(/^/gm, '   ')
    const told = [
      `${number}${paint('bold', visible(cause.sentence))}`,
      `   ${visible(cause.change)}`,
    ]
    const lines = linesText(cause, options.language, paint)
    stdout.write(`\n${[...told, '', marked, '', lines].join('\n')}`)
  }
  stdout.write(decodedText(explanation, paint))
  if (causes.some(({ id }) => id === 'jwt-for-hash' || id === 'hash-for-jwt')) {
    const other = OTHER_FORMAT[options.portal]
    if (other) stderr.write(`If the portal is in its other mode, pass --portal ${other}.\n`)
  }
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
  const carets = ' '.repeat(before.length + start - from) + paint('red', '^'.repeat(last - start))
  return `${before}${line}${after}\n${carets}`
}

function linesText({ lines }: Cause, language: Language | undefined, paint: Paint): string {
  const shown = Object.entries(lines).filter(([name]) => !language || name === language)
  const all = shown.flatMap(([name, text]) =>
    text.split('\n').map((line, index) => {
      return `   ${paint('cyan', (index === 0 ? name : '').padEnd(10))}  ${line}\n`
    }),
  )
  return all.join('')
}

function decodedText({ decoded }: Explanation, paint: Paint): string {
  const { claims, place, issuedAt, expiresAt } = decoded
  if (claims === null) return ''
  const times = [issuedAt && `issued ${issuedAt}`, expiresAt && `expires ${expiresAt}`]
  const about = [place && `read from ${place}`, ...times].filter(Boolean)
  const json = visibleLines(JSON.stringify(claims, null, 2)).replaceAll(/^/gm, '   ')
  return `\n${paint('dim', `Decoded, ${about.join(', ')}:`)}\n${json}\n`
}
