import type { Grammar } from './javascript'

const MAC = 'signature=$(printf %s "$input" | openssl dgst -sha256 «key»'
const URL_SAFE = "openssl base64 -A | tr '+/' '-_'"

/** A shell. Texts are inserted as they are: they must not contain quotes or backslashes. */
export const curl: Grammar = {
  head: '',
  secret: `secret=$(printf %s "$«variable»" | tr -d '\\r\\n')`,
  hexSecret: `secret=$(printf %s "$«variable»" | tr -d '\\r\\n')`,
  key: '-hmac "$secret"',
  hexKey: '-mac HMAC -macopt "hexkey:$secret"',
  seconds: 'now=$(date +%s)',
  milliseconds: 'now=$(date +%s%3N)',
  claims: '',
  member: '"«claim»":«format»',
  separator: ',',
  user: '"$user_«name»"',
  constant: '"«text»"',
  nonce: '"$(openssl rand -hex 16)"',
  now: '"$now"',
  later: '"$((now + «lifetime»))"',
  json: `json=$(printf '{«members»}' «values»)`,
  form: `json=$(printf '«pairs»' «values» | sed 's/ /+/g; s/@/%40/g')`,
  identifier: 'identifier=«value»',
  payload: 'payload=$(printf %s "$json" | «encoded»)',
  encode: {
    hex: 'od -An -v -tx1 | tr -d " \\n"',
    base64: 'openssl base64 -A',
    base64url: `${URL_SAFE} | tr -d =`,
    'padded base64url': URL_SAFE,
  },
  input: {
    identifier: 'input=$identifier',
    'payload bytes': 'input=$json',
    'payload text': 'input=$payload',
    'header and payload text': 'input=«header».$payload',
    'timestamp and body': 'input=$now.$json',
  },
  mac: {
    hex: `${MAC} -r | cut -d' ' -f1)`,
    base64: `${MAC} -binary | openssl base64 -A)`,
    base64url: `${MAC} -binary | ${URL_SAFE} | tr -d =)`,
    'padded base64url': `${MAC} -binary | ${URL_SAFE})`,
  },
  token: 'token=$payload.$signature',
  jwt: 'token=$input.$signature',
  link: 'curl "«url»?«parameter»=$token«query»"',
  encodedLink: 'curl --get "«url»«firstQuery»" --data-urlencode "«parameter»=$token"',
  pair: 'curl --get "«url»«firstQuery»" --data-urlencode "«text»=$payload" --data-urlencode "«parameter»=$signature"',
  value: 'printf "%s\\n" "$token"',
  identified: 'printf "%s\\n" "$identifier.$signature"',
  fields: 'curl "«url»" --data-urlencode "«parameter»=$token"',
  reply:
    'curl "«url»" -H "«tenantHeader»: «audience»" -H "«timeHeader»: $now" -H "«signatureHeader»: $signature" -H "content-type: application/json" --data-raw "$json"',
}
