import type { Grammar } from './javascript'

const RUBY_MAC = "OpenSSL::HMAC.digest('SHA256', secret, input)"

export const ruby: Grammar = {
  head: "require 'base64'\nrequire 'erb'\nrequire 'json'\nrequire 'openssl'\nrequire 'securerandom'\nrequire 'uri'",
  secret: "secret = ENV.fetch('«variable»').strip",
  hexSecret: "secret = [ENV.fetch('«variable»').strip].pack('H*')",
  key: 'secret',
  hexKey: 'secret',
  seconds: 'now = Time.now.to_i',
  milliseconds: 'now = (Time.now.to_f * 1000).to_i',
  claims: 'claims = { «members» }',
  member: "'«claim»' => «value»",
  separator: ', ',
  user: 'user[:«name»]',
  constant: "'«text»'",
  nonce: 'SecureRandom.uuid',
  now: 'now',
  later: 'now + «lifetime»',
  json: 'json = JSON.generate(claims)',
  form: 'json = URI.encode_www_form(claims)',
  identifier: 'identifier = «value».to_s',
  payload: 'payload = «encoded»',
  encode: {
    hex: "json.unpack1('H*')",
    base64: 'Base64.strict_encode64(json)',
    base64url: 'Base64.urlsafe_encode64(json, padding: false)',
    'padded base64url': 'Base64.urlsafe_encode64(json)',
  },
  input: {
    identifier: 'input = identifier',
    'payload bytes': 'input = json',
    'payload text': 'input = payload',
    'header and payload text': 'input = "«header».#{payload}"',
    'timestamp and body': 'input = "#{now}.#{json}"',
  },
  mac: {
    hex: "signature = OpenSSL::HMAC.hexdigest('SHA256', secret, input)",
    base64: `signature = Base64.strict_encode64(${RUBY_MAC})`,
    base64url: `signature = Base64.urlsafe_encode64(${RUBY_MAC}, padding: false)`,
    'padded base64url': `signature = Base64.urlsafe_encode64(${RUBY_MAC})`,
  },
  token: 'token = "#{payload}.#{signature}"',
  jwt: 'token = "#{input}.#{signature}"',
  link: 'url = "«url»?«parameter»=#{token}«query»"',
  encodedLink: 'url = "«url»?«parameter»=#{ERB::Util.url_encode(token)}«query»"',
  pair: 'url = "«url»?«text»=#{ERB::Util.url_encode(payload)}&«parameter»=#{signature}«query»"',
  value: 'value = token',
  identified: 'value = "#{identifier}.#{signature}"',
  fields: "fields = { '«parameter»' => token }",
  reply:
    "reply = { url: '«url»', headers: { '«tenantHeader»' => '«audience»', '«timeHeader»' => now.to_s, '«signatureHeader»' => signature }, body: json }",
}
