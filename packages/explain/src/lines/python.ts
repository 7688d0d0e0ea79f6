import type { Grammar } from './javascript'

const PYTHON_MAC = 'hmac.new(«key», signing_input.encode(), hashlib.sha256)'

export const python: Grammar = {
  head: 'import base64, hashlib, hmac, json, os, time, uuid\nfrom urllib.parse import quote, urlencode',
  secret: "secret = os.environ['«variable»'].strip()",
  hexSecret: "secret = bytes.fromhex(os.environ['«variable»'].strip())",
  key: 'secret.encode()',
  hexKey: 'secret',
  seconds: 'now = int(time.time())',
  milliseconds: 'now = int(time.time() * 1000)',
  claims: 'claims = {«members»}',
  member: "'«claim»': «value»",
  separator: ', ',
  user: "user['«name»']",
  constant: "'«text»'",
  nonce: 'str(uuid.uuid4())',
  now: 'now',
  later: 'now + «lifetime»',
  json: "text = json.dumps(claims, separators=(',', ':'))",
  form: 'text = urlencode(claims)',
  identifier: 'identifier = str(«value»)',
  payload: 'payload = «encoded»',
  encode: {
    hex: 'text.encode().hex()',
    base64: 'base64.b64encode(text.encode()).decode()',
    base64url: "base64.urlsafe_b64encode(text.encode()).decode().rstrip('=')",
    'padded base64url': 'base64.urlsafe_b64encode(text.encode()).decode()',
  },
  input: {
    identifier: 'signing_input = identifier',
    'payload bytes': 'signing_input = text',
    'payload text': 'signing_input = payload',
    'header and payload text': "signing_input = f'«header».{payload}'",
    'timestamp and body': "signing_input = f'{now}.{text}'",
  },
  mac: {
    hex: `signature = ${PYTHON_MAC}.hexdigest()`,
    base64: `signature = base64.b64encode(${PYTHON_MAC}.digest()).decode()`,
    base64url: `signature = base64.urlsafe_b64encode(${PYTHON_MAC}.digest()).decode().rstrip('=')`,
    'padded base64url': `signature = base64.urlsafe_b64encode(${PYTHON_MAC}.digest()).decode()`,
  },
  token: "token = f'{payload}.{signature}'",
  jwt: "token = f'{signing_input}.{signature}'",
  link: "url = '«url»?«parameter»=' + token + '«query»'",
  encodedLink: "url = '«url»?«parameter»=' + quote(token, safe='') + '«query»'",
  pair: "url = '«url»?«text»=' + quote(payload, safe='') + '&«parameter»=' + signature + '«query»'",
  value: 'value = token',
  identified: "value = f'{identifier}.{signature}'",
  fields: "fields = {'«parameter»': token}",
  reply:
    "reply = {'url': '«url»', 'headers': {'«tenantHeader»': '«audience»', '«timeHeader»': str(now), '«signatureHeader»': signature}, 'body': text}",
}
