import { renderUnicodeCompact } from 'uqr'
import type { CommandModule } from '../command'
import { openPortal, textOf, withUser } from '../options'
import { painter } from '../style'
import { linkOf, jsonOf, sign, summary, type Signed } from './sign'

/** A link to test with, in every form in which a test can use it. */
export const command: CommandModule = {
  examples: [
    'countersign link -p seggwat --project-key abc123 --secret-env SEGGWAT_SECRET --id 42 --expires-in 2h',
  ],
  define: (own, argv) => void withUser(own, argv),
  async run(options, terminal) {
    const read = (name: string) => textOf(options, name)
    const signed = await sign(await openPortal(options, terminal), read)
    const link = linkOf(signed)
    const [curl, supertest] = [curlCall(signed), supertestLine(signed)]
    const paint = painter(terminal.stdout, terminal)
    const sections = [
      [summary(options.portal, read, signed), link],
      ['curl', curl],
      ['supertest', supertest],
    ]
    const texts = sections.flatMap(([title, content]) =>
      title && content ? [`${paint('bold', title)}\n${content}\n`] : [],
    )
    if (link.startsWith('https:')) {
      texts.push(`${renderUnicodeCompact(link, { border: 2, ecc: 'L' })}\n`)
    }
    return { json: { ...jsonOf(options, signed), curl, supertest }, out: texts.join('\n') }
  },
}

/** @returns `null` for a value that a page hands to a script */
function curlCall({ url, headers, body, fields }: Signed): string | null {
  if (url === undefined) return null
  const all = { ...headers, ...(headers && { 'content-type': 'application/json' }) }
  const data = headers ? [] : Object.entries(fields ?? {})
  const words = [
    ...Object.entries(all).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    ...data.map((field) => `--data-urlencode ${quoted(field.join('='))}`),
    ...(body === undefined ? [] : [`--data-raw ${quoted(body)}`]),
  ]
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
