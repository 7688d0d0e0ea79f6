/** The lines that sign, in JavaScript. Words in «» are replaced. */
export const javascript = {
  head: "import { createHmac, randomUUID } from 'node:crypto'",
  secret: 'const secret = process.env.«variable».trim()',
  hexSecret: "const secret = Buffer.from(process.env.«variable».trim(), 'hex')",
  key: 'secret',
  hexKey: 'secret',
  seconds: 'const now = Math.floor(Date.now() / 1000)',
  milliseconds: 'const now = Date.now()',
  claims: 'const claims = { «members» }',
  member: '«property»: «value»',
  separator: ', ',
  user: 'user.«name»',
  constant: "'«text»'",
  nonce: 'randomUUID()',
  now: 'now',
  later: 'now + «lifetime»',
  json: 'const json = JSON.stringify(claims)',
  form: 'const json = new URLSearchParams(claims).toString()',
  identifier: 'const identifier = String(«value»)',
  payload: 'const payload = «encoded»',
  encode: {
    hex: "Buffer.from(json).toString('hex')",
    base64: "Buffer.from(json).toString('base64')",
    base64url: "Buffer.from(json).toString('base64url')",
    'padded base64url':
      "Buffer.from(json).toString('base64').replaceAll('+', '-').replaceAll('/', '_')",
  },
  input: {
    identifier: 'const input = identifier',
    'payload bytes': 'const input = json',
    'payload text': 'const input = payload',
    'header and payload text': 'const input = `«header».${payload}`',
    'timestamp and body': 'const input = `${now}.${json}`',
  },
  mac: {
    hex: "const signature = createHmac('sha256', secret).update(input).digest('hex')",
    base64: "const signature = createHmac('sha256', secret).update(input).digest('base64')",
    base64url: "const signature = createHmac('sha256', secret).update(input).digest('base64url')",
    'padded base64url':
      "const signature = createHmac('sha256', secret).update(input).digest('base64url') + '='",
  },
  token: 'const token = `${payload}.${signature}`',
  jwt: 'const token = `${input}.${signature}`',
  link: 'const url = `«url»?«parameter»=${token}«query»`',
  encodedLink: 'const url = `«url»?«parameter»=${encodeURIComponent(token)}«query»`',
  pair: 'const url = `«url»?«text»=${encodeURIComponent(payload)}&«parameter»=${signature}«query»`',
  value: 'const value = token',
  identified: 'const value = `${identifier}.${signature}`',
  fields: "const fields = { '«parameter»': token }",
  reply:
    "const reply = { url: '«url»', headers: { '«tenantHeader»': '«audience»', '«timeHeader»': String(now), '«signatureHeader»': signature }, body: json }",
}

/** How one language writes each step of signing: what JavaScript has, the others have. */
export type Grammar = typeof javascript
