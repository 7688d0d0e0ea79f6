import type { Format, Source } from './format'
import type { Writer } from './lines'

/** A shell with `openssl` and `curl`. */
export const curl: Writer = {
  head: '',
  lines(format) {
    const { codec, unit, variable, names } = format
    const json = jsonOf(format)
    return {
      secret: `secret=$(printf %s "$${variable}" | tr -d '\\r\\n')`,
      time: `now=$(date +%s${unit === 'seconds' ? '' : '%3N'})`,
      claims: json,
      json,
      payload: codec.payload ? `payload=$(printf %s "$json"${encoded(codec.payload.name)})` : '',
      input: `input=${inputOf(format)}`,
      signature: `signature=$(printf %s "$input" | ${signatureOf(format)})`,
      credential: names ? '' : `token=${codec.header === null ? '$payload' : '$input'}.$signature`,
      send: names ? post(format) : link(format),
    }
  },
}

/** Texts are inserted as they are: they must not contain quotes or backslashes. */
function jsonOf(format: Format): string {
  const members = format.claims.map(({ claim, source }) => {
    const isTime = source === 'now' || source === 'expires'
    return `"${claim}":${isTime ? '%s' : '"%s"'}`
  })
  const values = format.claims.map(({ source }) => `"${valueOf(source, format)}"`)
  return `json=$(printf '{${members.join(',')}}' ${values.join(' ')})`
}

function valueOf(source: Source, { lifetime, audience }: Format): string {
  if (typeof source === 'object') return `$user_${source.user}`
  if (source === 'nonce') return '$(openssl rand -hex 16)'
  if (source === 'audience') return audience
  return source === 'now' ? '$now' : `$((now + ${lifetime}))`
}

function encoded(encoding: string): string {
  if (encoding === 'hex') return ' | od -An -v -tx1 | tr -d " \\n"'
  if (encoding === 'base64') return ' | openssl base64 -A'
  return ` | openssl base64 -A | tr '+/' '-_'${encoding === 'base64url' ? ' | tr -d =' : ''}`
}

function inputOf({ codec: { signs, header } }: Format): string {
  if (signs === 'timestamp and body') return '$now.$json'
  if (signs === 'payload bytes') return '$json'
  return header === null ? '$payload' : `${header}.$payload`
}

function signatureOf({ codec: { signature } }: Format): string {
  const mac = 'openssl dgst -sha256 -hmac "$secret"'
  return signature.name === 'hex'
    ? `${mac} -r | cut -d' ' -f1`
    : `${mac} -binary${encoded(signature.name)}`
}

function link({ url, parameter, isEncoded }: Format): string {
  return isEncoded
    ? `curl --get "${url}" --data-urlencode "${parameter}=$token"`
    : `curl "${url}?${parameter}=$token"`
}

function post({ url, audience, names }: Format): string {
  const headers = [
    `${names?.tenant}: ${audience}`,
    `${names?.timestamp}: $now`,
    `${names?.signature}: $signature`,
    'content-type: application/json',
  ]
  return `curl "${url}" ${headers.map((header) => `-H "${header}"`).join(' ')} --data-raw "$json"`
}
