import { explain, type Cause, type Explanation, type Language } from '@countersign/explain'
import { excerpt } from '../excerpt'
import { guardOf, otherPortals, type Ids } from '../portals'
import { otherSecrets, readCredential } from '../sources'
import { painter, visible, visibleLines, type Paint } from '../style'
import type { Terminal } from '../terminal'
import { openPortal, timeOf, type VerifyingOptions } from './options'
import { type Action, printJson } from '../command'
import { EXIT } from '../failure'

interface ExplainingOptions extends VerifyingOptions {
  readonly otherEnv?: readonly string[]
  readonly language?: Language
}

/** Names every mistake, and the lines that correct it. */
export const explainCommand: Action = async (credential, given, terminal) => {
  const options = given as unknown as ExplainingOptions // as cli.ts defines them
  const now = timeOf(options, terminal)
  const others = otherSecrets(options.otherEnv ?? [], terminal)
  const { portal, secret } = await openPortal(options, terminal)
  const text = await readCredential(credential, terminal)
  const explanation = await explain(text, {
    ...guardOf(portal),
    portal,
    secret,
    others,
    portals: otherPortals(options.portal, secret, options as unknown as Ids),
    bearer: options.bearer,
    now,
  })
  if (options.json) printJson(terminal, 'explain', { portal: options.portal, ...explanation })
  else print(explanation, options, terminal)
  return explanation.verdict === 'accepted' ? EXIT.valid : EXIT.refused
}

function print(explanation: Explanation, options: ExplainingOptions, terminal: Terminal): void {
  const { verdict, code, causes, decoded } = explanation
  const { stdout } = terminal
  const paint = painter(stdout, terminal)
  const width = Math.min(stdout.columns, 100) - 6
  const headline =
    verdict === 'accepted'
      ? paint(['bold', 'green'], '✔ accepted')
      : `${paint(['bold', 'red'], '✖ refused')}  ${paint('dim', code ?? '')}`
  stdout.write(`${headline}\n`)
  for (const [index, cause] of causes.entries()) {
    stdout.write(
      `\n${causeText(cause, { index, causes, text: decoded.text, width, paint, options })}`,
    )
  }
  stdout.write(decodedText(explanation, paint))
}

interface Shown {
  readonly index: number
  readonly causes: readonly Cause[]
  readonly text: string
  readonly width: number
  readonly paint: Paint
  readonly options: ExplainingOptions
}

function causeText(cause: Cause, { index, causes, text, width, paint, options }: Shown): string {
  const number = causes.length > 1 ? `${index + 1}. ` : ''
  const marked = excerpt(text, cause.range, width, paint).replaceAll(/^/gm, '   ')
  return [
    `${number}${paint('bold', visible(cause.sentence))}`,
    `   ${visible(cause.change)}`,
    '',
    marked,
    '',
    linesText(cause, options.language, paint),
  ].join('\n')
}

function linesText({ lines }: Cause, language: Language | undefined, paint: Paint): string {
  const shown = Object.entries(lines).filter(
    ([name]) => language === undefined || name === language,
  )
  return shown
    .flatMap(([name, text]) =>
      text.split('\n').map((line, index) => {
        return `   ${paint('cyan', (index === 0 ? name : '').padEnd(10))}  ${line}\n`
      }),
    )
    .join('')
}

function decodedText({ decoded }: Explanation, paint: Paint): string {
  const { claims, place, issuedAt, expiresAt } = decoded
  if (claims === null) return ''
  const times = [issuedAt && `issued ${issuedAt}`, expiresAt && `expires ${expiresAt}`]
  const about = [place && `read from ${place}`, ...times].filter(
    (each) => each !== null && each !== '',
  )
  const json = visibleLines(JSON.stringify(claims, null, 2)).replaceAll(/^/gm, '   ')
  return `\n${paint('dim', `Decoded, ${about.join(', ')}:`)}\n${json}\n`
}
