import { catalogue, PATH, SCHEMES, type SchemeName } from './catalogue'
import { fdbackDeliveries, type FdbackReply } from './fdback-deliveries'
import type { Setting } from './portals'
import { random, type Random } from './random'
import type { RawHeader, RawRequest } from './raw-client'

/** Requests for one verifier, to be sent in order against an empty replay store. */
export interface GeneratedCase {
  readonly setting: Setting
  readonly requests: readonly RawRequest[]
}

/** Credentials of the catalogue, sent in other ways, without an end: the same for the same seed. */
export function* generate(seed: number): Generator<GeneratedCase, never> {
  const source = random(seed)
  for (;;) {
    const setting = source.pick(SETTINGS)
    yield { setting, requests: requestsFor(source, setting) }
  }
}

function alone(scheme: SchemeName, more: Partial<Setting> = {}): Setting {
  return { schemes: [scheme], options: {}, remembers: scheme === 'harlyy', ...more }
}

/** Every scheme alone, then several in one guard. */
const SETTINGS: readonly Setting[] = [
  ...SCHEMES.flatMap((scheme) => {
    const bearer = scheme !== 'fdback' && { bearer: true }
    return [
      alone(scheme),
      alone(scheme, { options: { ...bearer, clockTolerance: 0, maxLifetime: 60 } }),
      alone(scheme, { options: { ...bearer, mode: 'optional' } }),
      alone(scheme, { hasTenants: true, options: { ...bearer } }),
    ]
  }),
  alone('fdback', { remembers: true, options: { consume: ['POST', 'PUT'] } }),
  alone('harlyy', { options: { consume: 'manual' } }),
  alone('harlyy', { options: { consume: ['GET'] } }),
  { schemes: ['jwt', 'seggwat', 'featkit'], options: { bearer: true }, remembers: false },
  { schemes: SCHEMES, options: { bearer: true, mode: 'optional' }, remembers: true },
]

const TENANTS = ['ws_demo', 'ws_fails', 'ws_empty', 'ws_none', 'WS_DEMO', 'ws demo', '', '../x']

/** One request; where uses are remembered, also the same credential again, with any method. */
function requestsFor(source: Random, setting: Setting): readonly RawRequest[] {
  const first = request(source, setting)
  if (!setting.remembers || source.chance(0.6)) return [first]
  const again = { ...first, method: source.pick(['GET', 'POST', 'HEAD', 'PUT']) }
  return source.chance(0.5) ? [first, again] : [first, again, first]
}

/** A request whose parts are still separate. */
interface Draft {
  method: string
  /** Pairs of the query as text. */
  query: string[]
  headers: RawHeader[]
  body: Buffer | undefined
}

/** A credential for one of the portals; sometimes with another one, or disturbed. */
function request(source: Random, { schemes, hasTenants }: Setting): RawRequest {
  const draft = draftOf(source, source.pick(schemes))
  if (source.chance(0.03)) {
    const other = draftOf(source, source.pick(SCHEMES))
    draft.query.push(...other.query)
    draft.headers.push(...other.headers)
  }
  if (source.chance(0.15)) draft.method = source.pick(['GET', 'HEAD', 'POST', 'PUT', 'OPTIONS'])
  if (hasTenants) {
    draft.headers.push(['x-tenant', source.chance(0.5) ? 'ws_demo' : source.pick(TENANTS)])
  }
  if (source.chance(0.3)) disturb(source, draft)
  return finished(source, draft)
}

const accepted = catalogue.cases.filter(({ expected }) => expected === '200')

/** A request of the catalogue, as it is or in another carrier. */
function draftOf(source: Random, scheme: SchemeName): Draft {
  const from = source.chance(0.5) ? accepted : catalogue.cases
  const { requests } = source.pick(from.filter((each) => each.scheme === scheme))
  const sent = source.pick(requests)
  const { target, headers = [], body, method = 'GET' } = elsewhere(source, scheme, sent)
  const query = target.includes('?') ? target.slice(target.indexOf('?') + 1).split('&') : []
  const bytes = body === undefined ? undefined : Buffer.from(body as string) // or bytes, never pieces
  return { method, query, headers: [...headers], body: bytes }
}

function elsewhere(source: Random, scheme: SchemeName, sent: RawRequest): RawRequest {
  if (scheme === 'fdback') return source.pick(messageDeliveries(sent))
  const value = sent.target.slice(sent.target.indexOf('=') + 1)
  if (source.chance(0.8)) return sent
  const prefix = source.pick(['Bearer ', 'bearer ', 'BEARER  ', 'Bearer', 'Basic ', ' Bearer '])
  const text = prefix + value + source.pick(['', '', ' ', ' x', ','])
  return { ...sent, target: PATH, headers: [['Authorization', text]] }
}

/** The request as it is and, where it is complete, as a form and in the query. */
function messageDeliveries(sent: RawRequest): readonly RawRequest[] {
  const { headers: pairs = [] } = sent
  const headers = Object.fromEntries(pairs.map(([name, value]) => [name.toLowerCase(), value]))
  const body = Buffer.from(sent.body as Uint8Array).toString('utf8') // the cases have bytes
  const reply = { url: '', headers, body, expiresAt: 0 } as unknown as FdbackReply // if it has all headers
  try {
    return [sent, ...fdbackDeliveries(reply, '').map((each) => each.request)]
  } catch {
    return [sent] // its body is not JSON
  }
}

/** One change to the request around its credential. */
function disturb(source: Random, draft: Draft): void {
  const { query, headers, body } = draft
  const changes: readonly (() => unknown)[] = [
    () => query.push(...query),
    () => headers.push(...headers.slice(-1)),
    () => headers.push(...headers.slice(0, 1)),
    () => query.push(source.pick(['token', 'token=', 'sig=', 'data=', 'token=x', 'a[token]=1'])),
    () => query.unshift(source.pick(['', '=', '%', '%ff=1', 'tokenx=1', 'x=token=1', '%E0%A4=1'])),
    () => headers.push([source.pick(['Purpose', 'Sec-Purpose']), source.pick(['prefetch', 'x'])]),
    () => headers.push(['x-signature', source.pick(['', 'x'])]),
    () => headers.pop(),
    () => (query[0] = disturbed(source, query[0] ?? '')),
    () => (query[0] = respelled(source, query[0] ?? '')),
  ]
  const toBody: readonly (() => unknown)[] = body
    ? [
        () => headers.push(['Content-Encoding', source.pick(['gzip', 'identity', '', 'GZIP, br'])]),
        () => headers.push(['Content-Type', source.pick(CONTENT_TYPES)]),
        () => (draft.body = Buffer.from(disturbed(source, body.toString('utf8')))),
        () => (draft.body = Buffer.alloc(source.pick([0, 16_384, 16_385]), ' ')),
      ]
    : []
  source.pick(body && source.chance(0.5) ? toBody : changes)()
}

const FORM = 'application/x-www-form-urlencoded'
const CONTENT_TYPES = [FORM, FORM.toUpperCase(), `${FORM};charset=latin1`, ` ${FORM}`, `${FORM}x`]

/** The same pair with another spelling of its name or its value. */
function respelled(source: Random, pair: string): string {
  const [name = '', ...values] = pair.split('=')
  const value = values.join('=')
  const hex = (text: string): string =>
    [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
  return source.pick([
    `${hex(name)}=${value}`,
    `${name.toUpperCase()}=${value}`,
    `${name}[]=${value}`,
    `${name}%5B0%5D=${value}`,
    `${name}=${hex(value)}`,
    `${name}=${encodeURIComponent(value)}`,
  ])
}

const INSERTS = [...Array.from('.=+/-_ A0%é\n\0'), '..', 'š', 'Ａ', '%41', '\u0131', '\u212a']

/** One change somewhere in a text. */
function disturbed(source: Random, text: string): string {
  const at = source.below(text.length + 1)
  const [before, after] = [text.slice(0, at), text.slice(at)]
  return source.pick([
    before + after.slice(1),
    before + source.pick(INSERTS) + after,
    before + source.pick(INSERTS) + after.slice(1),
    before,
    text.toUpperCase(),
    text + text,
    text.padEnd(4_096, 'A'),
    text.replaceAll('-', '+').replaceAll('_', '/'),
    text.replaceAll('=', ''),
  ])
}

function finished(source: Random, { method, query, headers, body }: Draft): RawRequest {
  const extra = source.chance(0.1) ? ['a=1', ...query, 'b=%20'] : query
  const text = extra.length === 0 ? '' : `?${extra.join('&')}`
  const origin = source.chance(0.01) ? 'http://evil.test' : ''
  const fragment = source.chance(0.01) ? source.pick(['#', '#?token=x']) : ''
  return { method, target: origin + PATH + text + fragment, headers, ...(body && { body }) }
}
