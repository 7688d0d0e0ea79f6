import type { Format, Source } from './format'
import type { Writer } from './lines'

export const ruby: Writer = {
  head: "require 'base64'\nrequire 'erb'\nrequire 'json'\nrequire 'openssl'\nrequire 'securerandom'",
  lines(format) {
    const { codec, unit, variable, names } = format
    return {
      secret: `secret = ENV.fetch('${variable}').strip`,
      time: `now = ${unit === 'seconds' ? 'Time.now.to_i' : '(Time.now.to_f * 1000).to_i'}`,
      claims: `claims = { ${format.claims.map(({ claim, source }) => `${claim}: ${valueOf(source, format)}`).join(', ')} }`,
      json: 'json = JSON.generate(claims)',
      payload: codec.payload ? `payload = ${encoded('json', codec.payload.name)}` : '',
      input: `input = ${inputOf(format)}`,
      signature: `signature = ${signatureOf(format)}`,
      credential: names
        ? ''
        : `token = "#{${codec.header === null ? 'payload' : 'input'}}.#{signature}"`,
      send: names ? reply(format) : link(format),
    }
  },
}

function valueOf(source: Source, { lifetime, audience }: Format): string {
  if (typeof source === 'object') return `user[:${source.user}]`
  if (source === 'nonce') return 'SecureRandom.uuid'
  if (source === 'audience') return `'${audience}'`
  return source === 'now' ? 'now' : `now + ${lifetime}`
}

function encoded(bytes: string, encoding: string): string {
  if (encoding === 'hex') return `${bytes}.unpack1('H*')`
  if (encoding === 'base64') return `Base64.strict_encode64(${bytes})`
  return `Base64.urlsafe_encode64(${bytes}${encoding === 'base64url' ? ', padding: false' : ''})`
}

function inputOf({ codec: { signs, header } }: Format): string {
  if (signs === 'timestamp and body') return '"#{now}.#{json}"'
  if (signs === 'payload bytes') return 'json'
  return header === null ? 'payload' : `"${header}.#{payload}"`
}

function signatureOf({ codec: { signature } }: Format): string {
  return signature.name === 'hex'
    ? "OpenSSL::HMAC.hexdigest('SHA256', secret, input)"
    : encoded("OpenSSL::HMAC.digest('SHA256', secret, input)", signature.name)
}

function link({ url, parameter, isEncoded }: Format): string {
  const value = isEncoded ? 'ERB::Util.url_encode(token)' : 'token'
  return `url = "${url}?${parameter}=#{${value}}"`
}

function reply({ url, audience, names }: Format): string {
  const headers = `{ '${names?.tenant}' => '${audience}', '${names?.timestamp}' => now.to_s, '${names?.signature}' => signature }`
  return `reply = { url: '${url}', headers: ${headers}, body: json }`
}
