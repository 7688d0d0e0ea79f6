import { renderUnicodeCompact } from 'uqr'
import { painter } from '../style'
import { linkOf, resultOf, sign, summary, type Signed } from './sign'
import type { SigningOptions } from './options'
import { type Action, printJson } from '../command'
import { EXIT } from '../failure'

interface LinkOptions extends SigningOptions {
  readonly qr: boolean
}

/** A link to test with, in every form in which a test can use it. */
export const linkCommand: Action = async (_, given, terminal) => {
  const options = given as unknown as LinkOptions // as cli.ts defines them
  const signed = await sign(options, terminal)
  const link = linkOf(signed)
  const [curl, supertest] = [curlCall(signed), supertestLine(signed)]
  if (options.json) {
    printJson(terminal, 'link', { ...resultOf(options, signed), curl, supertest })
    return EXIT.valid
  }
  const paint = painter(terminal.stdout, terminal)
  const sections = [
    [summary(options, signed), link],
    ['curl', curl],
    ['supertest', supertest],
  ] as const
  const text = sections
    .filter(([, content]) => content !== null)
    .map(([title, content]) => `${paint('bold', title)}\n${content}\n`)
    .join('\n')
  const code =
    options.qr && link.startsWith('https:')
      ? `\n${renderUnicodeCompact(link, { border: 2, ecc: 'L' })}\n`
      : ''
  terminal.stdout.write(text + code)
  return EXIT.valid
}

/** @returns `null` for a value that a page hands to a script */
function curlCall({ url, headers, body, fields }: Signed): string | null {
  if (url === undefined) return null
  const all = { ...headers, ...(headers && { 'content-type': 'application/json' }) }
  const options = Object.entries(all).map(([name, value]) => ['-H', `${name}: ${value}`])
  const data = Object.entries((!headers && fields) || {}).map((field) => [
    '--data-urlencode',
    field.join('='),
  ])
  if (body !== undefined) data.push(['--data-raw', body])
  const words = [...options, ...data].map(([option, value = '']) => `${option} ${quoted(value)}`)
  return [`curl -i ${quoted(url)}`, ...words].join(' ')
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}

function supertestLine({ url, headers, body, fields }: Signed): string | null {
  if (url === undefined) return null
  const path = JSON.stringify(url.slice(new URL(url).origin.length))
  const post = `await request(app).post(${path})`
  if (fields && !headers) return `${post}.type('form').send(${JSON.stringify(fields)}).expect(200)`
  if (!headers) return `await request(app).get(${path}).expect(200)`
  const all = { ...headers, 'content-type': 'application/json' }
  return `${post}.set(${JSON.stringify(all)}).send(${JSON.stringify(body)}).expect(200)`
}
