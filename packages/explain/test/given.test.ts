import { createSigner } from '@countersign/core'
import { explain } from '../src'
import { NAMES, portals, secret, userOf, type Name } from './support/portals'
import { NOW } from './support/signer'

const now = () => NOW

interface Sent {
  readonly url: string
  readonly token: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

async function signed(portal: Name): Promise<Sent> {
  const {
    url,
    token = '',
    headers = {},
    body = '',
  } = await createSigner(portals[portal], { now }).sign(userOf(portal))
  return { url, token, headers, body }
}

const explained = (portal: Name, given: Parameters<typeof explain>[0]) =>
  explain(given, { portal: portals[portal], secret, now: NOW })

const lines = (headers: object) =>
  Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
const shell = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`

/** Every form in which a link can be given. */
const LINKS: Readonly<Record<string, (sent: Sent) => Parameters<typeof explain>[0]>> = {
  'the credential': ({ token }) => token,
  'the credential with white space around it': ({ token }) => `\n  ${token}\n`,
  'the percent-encoded credential': ({ token }) => encodeURIComponent(token),
  'a URL': ({ url }) => url,
  'a path': ({ url }) => new URL(url).pathname + new URL(url).search,
  'a query': ({ url }) => new URL(url).search,
  'a query without its question mark': ({ url }) => new URL(url).search.slice(1),
  'a curl command': ({ url }) => `curl ${url}`,
  'a curl command as a browser copies it': ({ url }) =>
    `curl '${url}' \\\n  -H 'accept: text/html' \\\n  -H $'x-note: it\\'s' \\\n  --compressed`,
  'a curl command as a browser copies it on Windows': ({ url }) =>
    `curl ^"${url.replaceAll('%', '^%^')}^" ^\n  -H ^"accept: text/html^"`,
  'a curl command with --get': ({ url, token }) =>
    `curl -G "${url.split('?')[0]}" --data-urlencode "${url.includes('?sig=') ? 'sig' : 'token'}=${token}"`,
  'a message': ({ url }) => `It is refused: <${url}>.`,
  'a call of fetch': ({ url }) => `fetch("${url}", {\n  "method": "GET"\n});`,
  'a request as text': ({ url }) => `GET ${url} HTTP/1.1\r\nHost: portal.example\r\n\r\n`,
  'a request as an object': ({ url }) => ({ url }),
  'the reply of a sign endpoint': ({ url, token }) => JSON.stringify({ url, token, expiresAt: 0 }),
  'a reply with the credential alone': ({ token }) => JSON.stringify({ token }),
}

/** Every form in which a signed message can be given. */
const MESSAGES: Readonly<Record<string, (sent: Sent) => Parameters<typeof explain>[0]>> = {
  'the reply of a sign endpoint': ({ url, headers, body }) =>
    JSON.stringify({ url, headers, body, expiresAt: 0 }),
  'a pretty-printed reply': ({ url, headers, body }) =>
    JSON.stringify({ url, headers, body }, null, 2),
  'a request as text': ({ headers, body }) =>
    ['POST / HTTP/1.1', ...lines(headers), '', body].join('\r\n'),
  'a request with the length of its body': ({ headers, body }) =>
    ['POST / HTTP/1.1', ...lines(headers), `content-length: ${body.length}`, '', `${body}\n`].join(
      '\n',
    ),
  'headers and a body': ({ headers, body }) => [...lines(headers), '', body, ''].join('\n'),
  'a curl command': ({ url, headers, body }) =>
    [
      'curl -X POST',
      ...lines(headers).map((line) => `-H ${shell(line)}`),
      `--data-raw ${shell(body)}`,
      url,
    ].join(' '),
  'a curl command with double quotes': ({ url, headers, body }) =>
    [
      'curl',
      url,
      ...lines(headers).map((line) => `--header="${line}"`),
      `-d "${body.replaceAll('"', '\\"')}"`,
    ].join(' '),
  'a request as an object': ({ url, headers, body }) => ({ url, headers, body }),
  'an object with bytes and a list of headers': ({ url, headers, body }) => ({
    method: 'POST',
    url,
    headers: Object.entries(headers),
    body: Buffer.from(body),
  }),
  'the reply parameter': ({ headers, body }) =>
    `?data=${encodeURIComponent(Buffer.from(JSON.stringify({ url: '', headers, body, expiresAt: 0 })).toString('base64'))}`,
  'a form': ({ headers, body }) =>
    String(
      new URLSearchParams({
        _workspaceId: headers['x-workspace-id'] ?? '',
        _timestamp: headers['x-timestamp'] ?? '',
        _signature: headers['x-signature'] ?? '',
        ...(JSON.parse(body) as Record<string, string>), // of texts
      }),
    ),
}

describe.each(NAMES)('a credential of %s', (portal) => {
  it.each(Object.keys(portal === 'fdback' ? MESSAGES : LINKS))('is found in %s', async (form) => {
    const sent = await signed(portal)
    const give = (portal === 'fdback' ? MESSAGES : LINKS)[form]!
    expect(await explained(portal, give(sent))).toMatchObject({ verdict: 'accepted', causes: [] })
    const cut = (text: string) => text.slice(0, -3)
    const headers = { ...sent.headers, 'x-signature': cut(sent.headers['x-signature'] ?? '') }
    const damaged = {
      ...sent,
      token: cut(sent.token),
      url: sent.token ? urlWith(sent, cut(sent.token)) : sent.url,
      headers,
    }
    const { verdict, causes, decoded } = await explained(portal, give(damaged))
    expect([verdict, causes.map(({ id }) => id)]).toEqual(['refused', ['signature-damaged']])
    expect(decoded.parts.map(({ name }) => name)).toEqual(partsOf(portal))
  })
})

function urlWith({ url, token }: Sent, other: string): string {
  return url.replace(token, other).replace(encodeURIComponent(token), encodeURIComponent(other))
}

function partsOf(portal: Name): readonly string[] {
  if (portal === 'fdback') return ['tenant', 'timestamp', 'body', 'signature']
  return portal === 'seggwat-jwt' ? ['header', 'payload', 'signature'] : ['payload', 'signature']
}

describe('a range', () => {
  it('is the text of the claim in a body', async () => {
    const { headers, body } = await signed('fdback')
    const changed = body.replace('"ada@example.com"', '"ada"')
    const { causes, decoded } = await explained(
      'fdback',
      [...lines(headers), '', changed].join('\n'),
    )
    const texts = causes.map(({ id, range }) => [id, decoded.text.slice(...range)])
    expect(texts).toEqual([
      ['signature-unmatched', headers['x-signature']],
      ['claim-value', '"email":"ada"'],
    ])
  })

  it('decodes to the claim in a payload', async () => {
    const claims = { user_id: '42', email: 'ada', timestamp: NOW / 1000, expires: NOW / 1000 + 60 }
    const payload = Buffer.from(JSON.stringify(claims)).toString('base64url')
    const url = `https://featkit.com/p/acme?token=${payload}.${'0'.repeat(64)}`
    const { causes, decoded } = await explained('featkit', url)
    const { range } = causes.find(({ id }) => id === 'claim-value')!
    const start = Math.floor((range[0] - url.indexOf(payload)) / 4) * 4
    const text = Buffer.from(
      payload.slice(start, range[1] - url.indexOf(payload)),
      'base64url',
    ).toString()
    expect(text).toContain('"email":"ada"')
    expect(decoded.text.slice(...range).length).toBeLessThan(24)
  })

  it('is the first line break of a percent-encoded credential', async () => {
    const { token } = await signed('harlyy')
    const given = `https://survey.harlyy.com/a/b?sig=${encodeURIComponent(`${token.slice(0, 8)}\n${token.slice(8)}`)}`
    const { causes, decoded } = await explained('harlyy', given)
    expect(causes.map(({ id, range }) => [id, decoded.text.slice(...range)])).toEqual([
      ['line-breaks', '%0A'],
    ])
  })
})

it('decodes what it can of a broken credential', async () => {
  const payload = Buffer.from('{"user_id":"42","timestamp":1788999000,"name":"Ada"}').toString(
    'base64',
  )
  const { decoded } = await explained('featkit', payload.slice(0, -2))
  expect(decoded).toMatchObject({
    place: '?token',
    issuedAt: '2026-09-10T00:10:00.000Z',
    expiresAt: null,
  })
  expect(decoded.parts[0]!.content).toContain('"user_id":"42"')
})
