import type { Grammar } from './javascript'

const PHP_MAC = "hash_hmac('sha256', $input, $secret, true)"

export const php: Grammar = {
  head: '<?php',
  secret: "$secret = trim(getenv('«variable»'));",
  hexSecret: "$secret = hex2bin(trim(getenv('«variable»')));",
  key: '$secret',
  hexKey: '$secret',
  seconds: '$now = time();',
  milliseconds: '$now = (int) (microtime(true) * 1000);',
  claims: '$claims = [«members»];',
  member: "'«claim»' => «value»",
  separator: ', ',
  user: "$user['«name»']",
  constant: "'«text»'",
  nonce: 'bin2hex(random_bytes(16))',
  now: '$now',
  later: '$now + «lifetime»',
  json: '$json = json_encode($claims, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE);',
  form: '$json = http_build_query($claims);',
  identifier: '$identifier = (string) «value»;',
  payload: '$payload = «encoded»;',
  encode: {
    hex: 'bin2hex($json)',
    base64: 'base64_encode($json)',
    base64url: "rtrim(strtr(base64_encode($json), '+/', '-_'), '=')",
    'padded base64url': "strtr(base64_encode($json), '+/', '-_')",
  },
  input: {
    identifier: '$input = $identifier;',
    'payload bytes': '$input = $json;',
    'payload text': '$input = $payload;',
    'header and payload text': "$input = '«header».' . $payload;",
    'timestamp and body': "$input = $now . '.' . $json;",
  },
  mac: {
    hex: "$signature = hash_hmac('sha256', $input, $secret);",
    base64: `$signature = base64_encode(${PHP_MAC});`,
    base64url: `$signature = rtrim(strtr(base64_encode(${PHP_MAC}), '+/', '-_'), '=');`,
    'padded base64url': `$signature = strtr(base64_encode(${PHP_MAC}), '+/', '-_');`,
  },
  token: "$token = $payload . '.' . $signature;",
  jwt: "$token = $input . '.' . $signature;",
  link: "$url = '«url»?«parameter»=' . $token . '«query»';",
  encodedLink: "$url = '«url»?«parameter»=' . rawurlencode($token) . '«query»';",
  pair: "$url = '«url»?«text»=' . rawurlencode($payload) . '&«parameter»=' . $signature . '«query»';",
  value: '$value = $token;',
  identified: "$value = $identifier . '.' . $signature;",
  fields: "$fields = ['«parameter»' => $token];",
  reply:
    "$reply = ['url' => '«url»', 'headers' => ['«tenantHeader»' => '«audience»', '«timeHeader»' => (string) $now, '«signatureHeader»' => $signature], 'body' => $json];",
}
