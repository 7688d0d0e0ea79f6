import type { Signed } from '@countersign/core'
import { renderUnicodeCompact } from 'uqr'
import type { Action } from '../action'
import { EXIT } from '../exit'
import { printJson } from '../json'
import { painter } from '../style'
import { linkOf, resultOf, sign, summary } from './sign'
import type { SigningOptions } from './options'

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
    .map(([title, content]) => `${paint('bold', title)}\n${content}\n`)
    .join('\n')
  const code = options.qr ? `\n${renderUnicodeCompact(link, { border: 2, ecc: 'L' })}\n` : ''
  terminal.stdout.write(text + code)
  return EXIT.valid
}

function curlCall({ url, headers, body }: Signed): string {
  if (!headers) return `curl -i ${quoted(url)}`
  const all = { ...headers, 'content-type': 'application/json' }
  const options = Object.entries(all).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`)
  return `curl -i ${quoted(url)} ${options.join(' ')} --data-raw ${quoted(body ?? '')}`
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}

function supertestLine({ url, headers, body }: Signed): string {
  const path = JSON.stringify(url.slice(new URL(url).origin.length))
  if (!headers) return `await request(app).get(${path}).expect(200)`
  const all = { ...headers, 'content-type': 'application/json' }
  return `await request(app).post(${path}).set(${JSON.stringify(all)}).send(${JSON.stringify(body)}).expect(200)`
}
