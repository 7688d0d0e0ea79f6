import type { Format, Source } from './format'
import type { Writer } from './lines'

export const javascript: Writer = {
  head: "import { createHmac, randomUUID } from 'node:crypto'",
  lines(format) {
    const { codec, unit, variable, names } = format
    return {
      secret: `const secret = process.env.${variable}.trim()`,
      time: `const now = ${unit === 'seconds' ? 'Math.floor(Date.now() / 1000)' : 'Date.now()'}`,
      claims: `const claims = { ${format.claims.map(({ claim, source }) => `${claim}: ${valueOf(source, format)}`).join(', ')} }`,
      json: 'const json = JSON.stringify(claims)',
      payload: codec.payload
        ? `const payload = Buffer.from(json).toString('${codec.payload.name.replace('padded ', '')}')`
        : '',
      input: `const input = ${inputOf(format)}`,
      signature: `const signature = createHmac('sha256', secret).update(input).digest('${codec.signature.name}')`,
      credential: names ? '' : `const token = ${tokenOf(format)}`,
      send: names ? reply(format) : link(format),
    }
  },
}

function valueOf(source: Source, { lifetime, audience }: Format): string {
  if (typeof source === 'object') return `user.${source.user}`
  if (source === 'nonce') return 'randomUUID()'
  if (source === 'audience') return `'${audience}'`
  return source === 'now' ? 'now' : `now + ${lifetime}`
}

function inputOf({ codec: { signs, header } }: Format): string {
  if (signs === 'timestamp and body') return '`${now}.${json}`'
  if (signs === 'payload bytes') return 'json'
  return header === null ? 'payload' : `\`${header}.\${payload}\``
}

function tokenOf({ codec: { header } }: Format): string {
  return header === null ? '`${payload}.${signature}`' : '`${input}.${signature}`'
}

function link({ url, parameter, isEncoded }: Format): string {
  const value = isEncoded ? 'encodeURIComponent(token)' : 'token'
  return `const url = \`${url}?${parameter}=\${${value}}\``
}

function reply({ url, audience, names }: Format): string {
  const headers = `{ '${names?.tenant}': '${audience}', '${names?.timestamp}': String(now), '${names?.signature}': signature }`
  return `const reply = { url: '${url}', headers: ${headers}, body: json }`
}
