import type { Format, Source } from './format'
import type { Writer } from './lines'

export const python: Writer = {
  head: 'import base64, hashlib, hmac, json, os, time, uuid\nfrom urllib.parse import quote',
  lines(format) {
    const { codec, unit, variable, names } = format
    return {
      secret: `secret = os.environ['${variable}'].strip()`,
      time: `now = int(time.time()${unit === 'seconds' ? '' : ' * 1000'})`,
      claims: `claims = {${format.claims.map(({ claim, source }) => `'${claim}': ${valueOf(source, format)}`).join(', ')}}`,
      json: "text = json.dumps(claims, separators=(',', ':'))",
      payload: codec.payload ? `payload = ${encoded('text.encode()', codec.payload.name)}` : '',
      input: `signing_input = ${inputOf(format)}`,
      signature: `signature = ${signatureOf(format)}`,
      credential: names
        ? ''
        : `token = f'${codec.header === null ? '{payload}' : '{signing_input}'}.{signature}'`,
      send: names ? reply(format) : link(format),
    }
  },
}

function valueOf(source: Source, { lifetime, audience }: Format): string {
  if (typeof source === 'object') return `user['${source.user}']`
  if (source === 'nonce') return 'str(uuid.uuid4())'
  if (source === 'audience') return `'${audience}'`
  return source === 'now' ? 'now' : `now + ${lifetime}`
}

function encoded(bytes: string, encoding: string): string {
  if (encoding === 'hex') return `${bytes}.hex()`
  const encode = encoding === 'base64' ? 'b64encode' : 'urlsafe_b64encode'
  const padding = encoding === 'base64url' ? ".rstrip('=')" : ''
  return `base64.${encode}(${bytes}).decode()${padding}`
}

function inputOf({ codec: { signs, header } }: Format): string {
  if (signs === 'timestamp and body') return "f'{now}.{text}'"
  if (signs === 'payload bytes') return 'text'
  return header === null ? 'payload' : `f'${header}.{payload}'`
}

function signatureOf({ codec: { signature } }: Format): string {
  const mac = 'hmac.new(secret.encode(), signing_input.encode(), hashlib.sha256)'
  return signature.name === 'hex'
    ? `${mac}.hexdigest()`
    : encoded(`${mac}.digest()`, signature.name)
}

function link({ url, parameter, isEncoded }: Format): string {
  const value = isEncoded ? "quote(token, safe='')" : 'token'
  return `url = '${url}?${parameter}=' + ${value}`
}

function reply({ url, audience, names }: Format): string {
  const headers = `{'${names?.tenant}': '${audience}', '${names?.timestamp}': str(now), '${names?.signature}': signature}`
  return `reply = {'url': '${url}', 'headers': ${headers}, 'body': text}`
}
