import { createHash } from 'node:crypto'
import { base64, base64url, hex, type Key } from '@countersign/core'
import { recognize } from '../apart/encodings'
import type { CauseId, Facts } from '../causes'
import type { Context } from '../context'
import { keyOf } from './macs'

/** A secret that may have signed. */
export interface Candidate {
  readonly key: Key
  /** `undefined` for a key that cannot be read. */
  readonly bytes: Buffer | undefined
  /** The mistake of signing with it; `null` for a right one. */
  readonly mistake: readonly [id: CauseId, facts: Facts] | null
}

/** The right secrets first, then every wrong one that could be thought of, each once. */
export function candidates(context: Context): readonly Candidate[] {
  const { keys, secret, others } = context
  const own = secret === undefined ? undefined : Buffer.from(secret, 'utf8')
  const right = keys.map((key) => ({
    key,
    bytes: own && key.equals(keyOf(own)) ? own : undefined,
    mistake: null,
  }))
  const wrong = [
    ...UNSET,
    ...(secret === undefined ? [] : respelled(secret)),
    ...Object.entries(others).flatMap(([name, text]) => named(name, text)),
    ...ids(context),
    ...PLACEHOLDERS.map((sent) => row('secret-placeholder', sent, sent)),
  ]
  const known = new Set(own ? [own.toString('hex')] : [])
  const mistaken = wrong.flatMap(([bytes, ...mistake]): readonly Candidate[] => {
    const name = bytes.toString('hex')
    if (known.has(name)) return []
    known.add(name)
    return [{ key: keyOf(bytes), bytes, mistake }]
  })
  return [...right, ...mistaken]
}

type Wrong = readonly [bytes: Buffer, id: CauseId, facts: Facts]

function row(id: CauseId, secret: string | Buffer, sent: string): Wrong {
  return [typeof secret === 'string' ? Buffer.from(secret, 'utf8') : secret, id, { sent }]
}

const SPACES = ['\n', '\r\n', ' ', '\r', '\t', '\0', '\\n', '\n\n']
const QUOTES = ['""', "''", '``', '<>', '[]', '{}']
const PREFIXES = [
  'v1,',
  'whsec_',
  'v1,whsec_',
  'pk_',
  'sk_',
  'sk_live_',
  'proj_',
  'oat_',
  'ws_',
  'Bearer ',
  'secret_',
  'base64:',
  '=',
  ':',
  '$',
]
const HASHES = ['sha256', 'sha1', 'md5', 'sha512']

/** The text of the secret in every spelling that it is mistaken for. */
function respelled(secret: string): readonly Wrong[] {
  const bytes = Buffer.from(secret, 'utf8')
  const decoded = [hex, base64, base64url].flatMap((encoding) => {
    const read = recognize(secret.replace(/^[a-z]+_/i, ''), encoding) ?? recognize(secret, encoding)
    return read ? [row('secret-decoded', read.bytes, read.name)] : []
  })
  return [
    ...SPACES.flatMap((space) => [
      row('secret-white-space', secret + space, ''),
      row('secret-white-space', space + secret, ''),
    ]),
    ...QUOTES.map(([open = '', close = '']) => row('secret-quoted', open + secret + close, '')),
    ...decoded,
    row('secret-decoded', Buffer.from(secret, 'base64'), 'base64'), // what a lenient decoder returns
    ...[hex, base64, base64url].map((encoding) =>
      row('secret-encoded', encoding.encode(bytes), encoding.name),
    ),
    ...PREFIXES.map((prefix) => row('secret-prefixed', prefix + secret, prefix)),
    ...parts(secret),
    ...HASHES.flatMap((hash) => [
      row('secret-hashed', createHash(hash).update(bytes).digest(), hash),
      row('secret-hashed', createHash(hash).update(bytes).digest('hex'), hash),
    ]),
    row('secret-case', secret.toLowerCase(), 'lower case'),
    row('secret-case', secret.toUpperCase(), 'upper case'),
    row('secret-encoded', encodeURIComponent(secret), 'percent-encoded form'),
    row('secret-encoded', JSON.stringify(secret), 'JSON form'),
  ]
}

/** What is left where a file or a parser cuts the secret. */
function parts(secret: string): readonly Wrong[] {
  const cut = (end: string): readonly Wrong[] => {
    const at = secret.indexOf(end)
    return at > 0 ? [row('secret-cut', secret.slice(0, at), `what precedes "${end}"`)] : []
  }
  const prefix = /^[a-z0-9]+[_,:-]/i.exec(secret)?.[0]
  return [
    ...['#', '$', ' ', '=', '&', '%'].flatMap(cut),
    ...(prefix ? [row('secret-cut', secret.slice(prefix.length), `what follows "${prefix}"`)] : []),
    row('secret-cut', secret.slice(0, -1), 'all but its last character'),
    row('secret-cut', secret.slice(1), 'all but its first character'),
    ...[16, 24, 32, 64].map((length) =>
      row('secret-cut', secret.slice(0, length), `its first ${length} characters`),
    ),
  ]
}

function named(name: string, text: string): readonly Wrong[] {
  return [row('secret-other', text, name), row('secret-other', text.trim(), name)]
}

/** What a missing variable becomes. */
const UNSET: readonly Wrong[] = [
  row('secret-missing', '', 'an empty text'),
  ...['undefined', 'null', 'None', 'nil', 'false', '[object Object]', 'process.env.SECRET'].map(
    (text) => row('secret-missing', text, `the text "${text}"`),
  ),
]

function ids({ portal, audience }: Context): readonly Wrong[] {
  const all = Object.entries({ ...portal.ids, ...(audience !== null && { id: audience }) })
  return all.flatMap(([name, id]): Wrong[] =>
    id === undefined ? [] : [[Buffer.from(id, 'utf8'), 'secret-is-id', { sent: id, name }]],
  )
}

/** From documentation pages, those of the portals among them. */
const PLACEHOLDERS = [
  'my-super-secret-key',
  'your-workspace-secret',
  'your-secret-key',
  'your-signing-secret',
  'your_secret_key',
  'YOUR_SECRET_KEY',
  'secret',
  'secret_key',
  'SECRET',
  'changeme',
]
