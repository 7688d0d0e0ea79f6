import { PATH, type SchemeName } from '../catalogue'
import type { RawHeader, RawRequest } from '../raw/client'
import { credential, disturbed, type Credential, type Message } from './credentials'
import type { Random } from './random'
import { IDS, type GeneratedSetting } from './settings'

/** A request whose parts are still separate. */
interface Draft {
  method: string
  /** Pairs of the query as text. */
  query: string[]
  headers: RawHeader[]
  body: Buffer | undefined
}

/** A request with a credential for one of the portals; sometimes with two, or with a half. */
export function request(random: Random, setting: GeneratedSetting): RawRequest {
  const { scheme } = random.pick(setting.portals)
  const draft: Draft = {
    method: methodFor(random, scheme),
    query: [],
    headers: [],
    body: undefined,
  }
  if (!random.chance(0.01)) place(random, draft, credential(random, scheme), scheme)
  if (random.chance(0.03)) {
    const other = random.pick(['featkit', 'harlyy', 'fdback'] as const)
    place(random, draft, credential(random, other), other)
  }
  if (setting.options.tenant) draft.headers.push(['x-tenant', tenant(random)])
  if (random.chance(0.05)) disturb(random, draft)
  return finished(random, draft)
}

function methodFor(random: Random, scheme: SchemeName): string {
  const usual = scheme === 'harlyy' || scheme === 'fdback' ? 'POST' : 'GET'
  return random.chance(0.85) ? usual : random.pick(['GET', 'HEAD', 'POST', 'PUT', 'OPTIONS'])
}

function tenant(random: Random): string {
  return random.chance(0.8) ? 'ws_demo' : random.pick(IDS)
}

function place(random: Random, draft: Draft, sent: Credential, scheme: SchemeName): void {
  if (typeof sent === 'object') return placeMessage(random, draft, sent)
  if (random.chance(0.15)) {
    const prefix = random.pick([
      'Bearer ',
      'Bearer ',
      'bearer ',
      'BEARER  ',
      'Bearer\t',
      'Bearer',
      'Basic ',
      ' Bearer ',
    ])
    draft.headers.push(['Authorization', prefix + sent + random.pick(['', '', ' ', ' x', ','])])
    return
  }
  const name = scheme === 'harlyy' ? 'sig' : 'token'
  draft.query.push(`${parameterName(random, name)}=${escaped(random, sent)}`)
}

function parameterName(random: Random, name: string): string {
  if (random.chance(0.96)) return name
  const hex = name.replace(/^./, (letter) => `%${letter.charCodeAt(0).toString(16)}`)
  return random.pick([
    hex,
    name.toUpperCase(),
    `${name}[]`,
    `${name}%5B0%5D`,
    `${name}%`,
    ` ${name}`,
    `${name}.x`,
  ])
}

function escaped(random: Random, text: string): string {
  const way = random.below(20)
  if (way === 0) return text
  if (way === 1)
    return [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
  if (way === 2) return new URLSearchParams({ a: text }).toString().slice(2)
  const once = encodeURIComponent(wellFormed(text))
  return way === 3 ? encodeURIComponent(once) : once
}

function placeMessage(random: Random, draft: Draft, message: Message): void {
  const way = random.below(20)
  if (way < 10) placeInHeaders(random, draft, message)
  else if (way < 15) placeInForm(random, draft, message)
  else placeInReply(random, draft, message)
}

const namesOf = ({ workspace, timestamp, signature }: Message): Record<string, string> => ({
  'x-workspace-id': workspace,
  'x-timestamp': timestamp,
  'x-signature': signature,
})

function placeInHeaders(random: Random, draft: Draft, message: Message): void {
  for (const [name, text] of Object.entries(namesOf(message))) {
    if (random.chance(0.01)) continue
    const sent = random.chance(0.03)
      ? random.pick([` ${text}`, `${text}\t `, '', `${text}, x`])
      : text
    draft.headers.push([random.chance(0.1) ? name.toUpperCase() : name, sent])
  }
  draft.headers.push([
    'Content-Type',
    random.pick(['application/json', 'application/json; charset=utf-8', 'text/plain']),
  ])
  draft.body = message.body
}

function placeInForm(random: Random, draft: Draft, message: Message): void {
  const fields = new URLSearchParams({
    _workspaceId: wellFormed(message.workspace),
    _timestamp: wellFormed(message.timestamp),
    _signature: wellFormed(message.signature),
    ...membersOf(message.body),
  })
  if (random.chance(0.06)) fields.delete(random.pick([...fields.keys()]))
  if (random.chance(0.04))
    fields.append(random.pick(['role', 'email', '__proto__', '_signature', '']), 'x')
  if (random.chance(0.05)) fields.sort()
  const text = fields.toString()
  const spelled = random.chance(0.1) ? text.replaceAll('+', '%20').replace('%40', '@') : text
  draft.headers.push(['Content-Type', random.pick(FORM_TYPES)])
  draft.body = Buffer.from(random.chance(0.05) ? disturbed(random, spelled) : spelled)
}

const FORM = 'application/x-www-form-urlencoded'
const FORM_TYPES = [
  FORM,
  FORM,
  FORM,
  FORM,
  FORM.toUpperCase(),
  `${FORM}; charset=UTF-8`,
  `${FORM};charset=latin1`,
  ` ${FORM}`,
  `${FORM}x`,
]

/** The members of text of a body that is JSON. */
function membersOf(body: Buffer): Record<string, string> {
  try {
    const members = JSON.parse(body.toString('utf8')) as object | null
    const texts = Object.entries(members ?? {}).filter(([, value]) => typeof value === 'string')
    return Object.fromEntries(
      texts.map(([name, text]) => [wellFormed(name), wellFormed(text as string)]),
    )
  } catch {
    return { email: 'ada@example.com' }
  }
}

function placeInReply(random: Random, draft: Draft, message: Message): void {
  const reply: Record<string, unknown> = {
    url: 'https://app.fdback.io/api/auth/sdk-login',
    headers: namesOf(message),
    body: message.body.toString('utf8'),
    expiresAt: 0,
  }
  if (random.chance(0.05)) {
    const name = random.pick(['headers', 'body', 'url', 'role', '__proto__', 'expiresAt'])
    reply[name] = random.pick([undefined, null, {}, [], 'x', { 'x-signature': 'x' }])
  }
  const json = JSON.stringify(reply)
  const text = random.chance(0.04) ? disturbed(random, json) : json
  const bytes = Buffer.from(text, random.chance(0.1) ? 'latin1' : 'utf8')
  const encoding = random.chance(0.96) ? 'base64' : 'base64url'
  const data = bytes.toString(encoding)
  draft.query.push(
    `${parameterName(random, 'data')}=${escaped(random, random.chance(0.05) ? disturbed(random, data) : data)}`,
  )
}

/** One change to the request around its credential. */
function disturb(random: Random, draft: Draft): void {
  const { query, headers } = draft
  const changes: readonly (() => unknown)[] = [
    () => query.push(...query),
    () => headers.push(...headers.slice(-1)),
    () => headers.push(...headers.slice(0, 1)),
    () =>
      query.push(
        random.pick(['token', 'token=', 'sig=', 'data=', 'token=x', 'a[token]=1', 'data=e30=']),
      ),
    () => query.unshift(random.pick(['', '=', '%', '%ff=1', 'tokenx=1', 'x=token=1', '%E0%A4=1'])),
    () => headers.push(['Content-Encoding', random.pick(['gzip', 'identity', '', 'GZIP, br'])]),
    () =>
      headers.push([
        random.pick(['Purpose', 'Sec-Purpose']),
        random.pick(['prefetch', 'prefetch;prerender', 'x']),
      ]),
    () => headers.push(['x-signature', random.pick(['', 'x'])]),
    () => headers.push(['Content-Type', FORM]),
    () => (query[0] = disturbed(random, query[0] ?? '')),
    () => headers.pop(),
  ]
  random.pick(changes)()
}

function finished(random: Random, { method, query, headers, body }: Draft): RawRequest {
  const extra = random.chance(0.1) ? ['a=1', ...query, 'b=%20'] : query
  const text = extra.length === 0 ? '' : `?${extra.join('&')}`
  const origin = random.chance(0.01) ? 'http://evil.test' : ''
  const fragment = random.chance(0.01) ? random.pick(['#', '#?token=x']) : ''
  return { method, target: origin + PATH + text + fragment, headers, ...(body && { body }) }
}

/** Text with U+FFFD in the place of half surrogate pairs, which cannot be percent-encoded. */
function wellFormed(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8')
}
