import { createHmac } from 'node:crypto'
import type { SchemeName } from '../catalogue'
import { payload, timestamp, workspace } from './payloads'
import type { Random } from './random'
import { secretOf, type Signer } from './settings'

/** The parts of a fdback request. */
export interface Message {
  readonly workspace: string
  readonly timestamp: string
  readonly signature: string
  readonly body: Buffer
}

/** A text that travels in a URL or a header, or a message. */
export type Credential = string | Message

type Spelling = 'hex' | 'base64' | 'base64url' | 'base64url padded'

interface Format {
  readonly payload: Spelling
  readonly signature: Spelling
  readonly signs: 'text' | 'bytes'
}

const FORMATS: Readonly<Record<Exclude<SchemeName, 'fdback'>, Format>> = {
  featkit: { payload: 'base64url padded', signature: 'hex', signs: 'text' },
  seggwat: { payload: 'base64url', signature: 'base64url', signs: 'bytes' },
  jwt: { payload: 'base64url', signature: 'base64url', signs: 'text' },
  harlyy: { payload: 'base64', signature: 'base64', signs: 'text' },
}
const SPELLINGS: readonly Spelling[] = ['hex', 'base64', 'base64url', 'base64url padded']
const SIGNERS: readonly Signer[] = ['previous', 'retired', 'other tenant', 'attacker']

/** A credential of a scheme: mostly right, and wrong in every layer now and then. */
export function credential(random: Random, scheme: SchemeName): Credential {
  const bytes = payload(random, scheme)
  const signer = random.chance(0.75) ? 'current' : random.pick(SIGNERS)
  const secret = secretOf(scheme, signer)
  if (scheme === 'fdback') return message(random, bytes, secret)
  const text = compact(random, scheme, bytes, secret)
  return random.chance(0.2) ? disturbed(random, text) : text
}

/** The usual way in nearly all cases, another way in the others. */
function usually<Value>(random: Random, usual: Value, others: readonly Value[]): Value {
  return random.chance(0.97) ? usual : random.pick(others)
}

function mac(random: Random, secret: string, input: string | Buffer): Buffer {
  const hash = usually(random, 'sha256', ['sha1', 'sha512', 'sha384'])
  return createHmac(hash, secret).update(input).digest()
}

function compact(
  random: Random,
  scheme: Exclude<SchemeName, 'fdback'>,
  bytes: Buffer,
  secret: string,
): string {
  const format = FORMATS[scheme]
  const spelled = spell(bytes, usually(random, format.payload, SPELLINGS))
  const bare = scheme === 'featkit' && random.chance(0.3) ? spelled.replace(/=+$/, '') : spelled
  const text = scheme === 'jwt' ? `${header(random)}.${bare}` : bare
  const signs = usually(random, format.signs, ['text', 'bytes'])
  const signature = mac(random, secret, signs === 'text' ? text : bytes)
  return `${text}.${spell(signature, usually(random, format.signature, SPELLINGS))}`
}

function spell(bytes: Buffer, spelling: Spelling): string {
  if (spelling !== 'base64url padded') return bytes.toString(spelling)
  return bytes.toString('base64').replaceAll('+', '-').replaceAll('/', '_')
}

const HEADERS = [
  ...[
    '{"typ":"JWT","alg":"HS256"}',
    '{"alg":"HS256"}',
    '{"alg":"HS256","typ":"jwt"}',
    '{ "alg": "HS256" }',
  ],
  ...[
    '{"alg":"HS256","kid":"k"}',
    '{"alg":"HS256","kid":7}',
    '{"alg":"HS512"}',
    '{"alg":"none"}',
    '{}',
  ],
  ...[
    '{"alg":"hs256"}',
    '{"alg":"HS256","typ":"at+jwt"}',
    '{"alg":"HS256","typ":null}',
    '[]',
    '{"alg":["HS256"]}',
  ],
  ...[
    '{"alg":"HS256","crit":["b64"],"b64":false}',
    '{"alg":"HS256","jwk":{}}',
    '{"alg":"none","alg":"HS256"}',
  ],
  ...[`{"alg":"HS256","kid":"${'k'.repeat(256)}"}`, `{"alg":"HS256","kid":"${'k'.repeat(257)}"}`],
  ...['{"\\u0061lg":"HS256"}', '{"alg":"HS256","typ":"JWT"} ', '{"alg":"HS256","cty":"JWT"}', ''],
  `{"alg":"HS256","kid":"k"${' '.repeat(750)}}`,
]

function header(random: Random): string {
  const text = random.chance(0.85) ? '{"alg":"HS256","typ":"JWT"}' : random.pick(HEADERS)
  return Buffer.from(text).toString('base64url')
}

function message(random: Random, body: Buffer, secret: string): Message {
  const time = timestamp(random)
  const separator = usually(random, '.', ['', ':'])
  const signed = Buffer.concat([Buffer.from(time + separator), body])
  const signature = spell(mac(random, secret, signed), usually(random, 'hex', SPELLINGS))
  const sent: Message = { workspace: workspace(random), timestamp: time, signature, body }
  if (!random.chance(0.15)) return sent
  const changes: readonly Partial<Message>[] = [
    { signature: disturbed(random, signature) },
    { timestamp: disturbed(random, time) },
    { timestamp: String(Number(time) + 1) },
    { body: Buffer.from(disturbed(random, body.toString('latin1')), 'latin1') },
    { body: Buffer.alloc(random.pick([0, 16_384, 16_385]), ' ') },
    {
      workspace: random.pick(['ws_other', 'WS_DEMO', 'ws_same', 'ws_demo ', 'a'.repeat(256), 'é']),
    },
  ]
  return { ...sent, ...random.pick(changes) }
}

const INSERTS = [
  ...Array.from('.=+/-_ A0aZ%é\n\t\0'),
  '..',
  '==',
  'š',
  'Ａ',
  '%41',
  '\u0131',
  '\u212a',
]

/** One change somewhere in a text. */
export function disturbed(random: Random, text: string): string {
  const at = random.below(text.length + 1)
  const [before, after] = [text.slice(0, at), text.slice(at)]
  const code = text.charCodeAt(at) || 0
  const changes: readonly (() => string)[] = [
    () => before + after.slice(1),
    () => before + random.pick(INSERTS) + after,
    () => before + random.pick(INSERTS) + after.slice(1),
    () => before + after.charAt(0) + after,
    () => before + String.fromCharCode(code + 0x100) + after.slice(1),
    () => before + String.fromCharCode(code ^ 1) + after.slice(1),
    () => before + String.fromCharCode(code ^ 0x20) + after.slice(1),
    () => before,
    () => after,
    () => text.toUpperCase(),
    () => text.split('.').toReversed().join('.'),
    () => text.replace(/.$/s, String.fromCharCode(text.charCodeAt(text.length - 1) + 1)),
    () => text + text,
    () => text + 'A'.repeat(4_096),
    () => text.padEnd(4_096, 'A'),
    () => text.replaceAll('-', '+').replaceAll('_', '/'),
    () => text.replaceAll('=', ''),
  ]
  return random.pick(changes)()
}
