import type { Format, Source } from './format'
import type { Writer } from './lines'

export const php: Writer = {
  head: '<?php',
  lines(format) {
    const { codec, unit, variable, names } = format
    return {
      secret: `$secret = trim(getenv('${variable}'));`,
      time: `$now = ${unit === 'seconds' ? 'time()' : '(int) (microtime(true) * 1000)'};`,
      claims: `$claims = [${format.claims.map(({ claim, source }) => `'${claim}' => ${valueOf(source, format)}`).join(', ')}];`,
      json: '$json = json_encode($claims, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE);',
      payload: codec.payload ? `$payload = ${encoded('$json', codec.payload.name)};` : '',
      input: `$input = ${inputOf(format)};`,
      signature: `$signature = ${signatureOf(format)};`,
      credential: names
        ? ''
        : `$token = ${codec.header === null ? '$payload' : '$input'} . '.' . $signature;`,
      send: names ? reply(format) : link(format),
    }
  },
}

function valueOf(source: Source, { lifetime, audience }: Format): string {
  if (typeof source === 'object') return `$user['${source.user}']`
  if (source === 'nonce') return 'bin2hex(random_bytes(16))'
  if (source === 'audience') return `'${audience}'`
  return source === 'now' ? '$now' : `$now + ${lifetime}`
}

function encoded(bytes: string, encoding: string): string {
  if (encoding === 'hex') return `bin2hex(${bytes})`
  if (encoding === 'base64') return `base64_encode(${bytes})`
  const urlSafe = `strtr(base64_encode(${bytes}), '+/', '-_')`
  return encoding === 'base64url' ? `rtrim(${urlSafe}, '=')` : urlSafe
}

function inputOf({ codec: { signs, header } }: Format): string {
  if (signs === 'timestamp and body') return "$now . '.' . $json"
  if (signs === 'payload bytes') return '$json'
  return header === null ? '$payload' : `'${header}.' . $payload`
}

function signatureOf({ codec: { signature } }: Format): string {
  return signature.name === 'hex'
    ? "hash_hmac('sha256', $input, $secret)"
    : encoded("hash_hmac('sha256', $input, $secret, true)", signature.name)
}

function link({ url, parameter, isEncoded }: Format): string {
  return `$url = '${url}?${parameter}=' . ${isEncoded ? 'rawurlencode($token)' : '$token'};`
}

function reply({ url, audience, names }: Format): string {
  const headers = `['${names?.tenant}' => '${audience}', '${names?.timestamp}' => (string) $now, '${names?.signature}' => $signature]`
  return `$reply = ['url' => '${url}', 'headers' => ${headers}, 'body' => $json];`
}
