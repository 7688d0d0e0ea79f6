import { createHash } from 'node:crypto'
import { base64, base64url, hex, type Key } from '@countersign/core'
import { recognize } from '../apart/encodings'
import type { CauseId, Facts } from '../causes'
import { keyOf, secretBytes, type Context } from '../context'

/** A secret that may have signed. */
export interface Candidate {
  readonly key: Key
  /** `undefined` for a key that cannot be read. */
  readonly bytes: Buffer | undefined
  /** The mistake of signing with it; `null` for a right one. */
  readonly mistake: readonly [id: CauseId, facts: Facts] | null
}

/** A secret, its mistake, and what the sentence says of it. */
type Row = readonly [id: CauseId, secret: string | Buffer, sent?: string, name?: string]

/** The right secrets first, then every wrong one that could be thought of, each once. */
export function candidates(context: Context): readonly Candidate[] {
  const { keys, secret, others, portal, audience } = context
  const own = secret === undefined ? undefined : secretBytes(secret, portal.scheme)
  const right = keys.map((key) => ({
    key,
    bytes: own && key.equals(keyOf(own)) ? own : undefined,
    mistake: null,
  }))
  const spelling = portal.scheme.secretSpelling
  const ids = Object.entries({ ...portal.ids, id: audience ?? undefined })
  const rows: readonly Row[] = [
    ...UNSET.map(([text, sent]): Row => ['secret-missing', text, sent]),
    ...(secret !== undefined && spelling
      ? [['secret-undecoded', secret, spelling.name] as const]
      : []),
    ...(secret === undefined ? [] : respelled(secret)),
    ...Object.entries(others).flatMap(([name, text]): Row[] => [
      ['secret-other', secretBytes(text, portal.scheme), name],
      ['secret-other', text.trim(), name],
    ]),
    ...ids.flatMap(([name, id]): Row[] =>
      id === undefined ? [] : [['secret-is-id', id, id, name]],
    ),
    ...PLACEHOLDERS.map((text): Row => ['secret-placeholder', text, text]),
  ]
  const known = new Set(own ? [own.toString('hex')] : [])
  const mistaken = rows.flatMap(([id, text, sent = '', name = '']): readonly Candidate[] => {
    const bytes = Buffer.from(text as string) // or bytes
    if (known.has(bytes.toString('hex'))) return []
    known.add(bytes.toString('hex'))
    return [{ key: keyOf(bytes), bytes, mistake: [id, { sent, name }] }]
  })
  return [...right, ...mistaken]
}

/** What a missing variable becomes. */
const UNSET: readonly (readonly [text: string, sent: string])[] = [
  ['', 'an empty text'],
  ...['undefined', 'null', 'None', 'nil', 'false', '[object Object]', 'process.env.SECRET'].map(
    (text) => [text, `the text "${text}"`] as const,
  ),
]

/** From documentation pages, those of the portals among them. */
const PLACEHOLDERS =
  'my-super-secret-key your-workspace-secret your-secret-key your-signing-secret your_secret_key YOUR_SECRET_KEY secret secret_key SECRET changeme'.split(
    ' ',
  )

const SPACES = ['\n', '\r\n', ' ', '\r', '\t', '\0', '\\n', '\n\n']
const QUOTES = ['""', "''", '``', '<>', '[]', '{}']
const PREFIXES = 'v1, whsec_ v1,whsec_ pk_ sk_ sk_live_ proj_ oat_ ws_ secret_ base64: = : $'.split(
  ' ',
)
const HASHES = ['sha256', 'sha1', 'md5', 'sha512']

/** The text of the secret in every spelling that it is mistaken for. */
function respelled(secret: string): readonly Row[] {
  const bytes = Buffer.from(secret, 'utf8')
  const bare = secret.replace(/^[a-z]+_/i, '')
  const encodings = [hex, base64, base64url]
  const decoded = encodings.flatMap(
    (each) => recognize(bare, each) ?? recognize(secret, each) ?? [],
  )
  return [
    ...SPACES.flatMap((space): Row[] => [
      ['secret-white-space', secret + space],
      ['secret-white-space', space + secret],
    ]),
    ...QUOTES.map(([open = '', close = '']): Row => ['secret-quoted', open + secret + close]),
    ...decoded.map((each): Row => ['secret-decoded', each.bytes, each.name]),
    ['secret-decoded', Buffer.from(secret, 'base64'), 'base64'], // what a lenient decoder returns
    ...encodings.map((each): Row => ['secret-encoded', each.encode(bytes), each.name]),
    ...[...PREFIXES, 'Bearer '].map((each): Row => ['secret-prefixed', each + secret, each]),
    ...parts(secret).map(([text, sent]): Row => ['secret-cut', text, sent]),
    ...HASHES.flatMap((hash): Row[] => [
      ['secret-hashed', createHash(hash).update(bytes).digest(), hash],
      ['secret-hashed', createHash(hash).update(bytes).digest('hex'), hash],
    ]),
    ['secret-case', secret.toLowerCase(), 'lower case'],
    ['secret-case', secret.toUpperCase(), 'upper case'],
    ['secret-encoded', encodeURIComponent(secret), 'percent-encoded form'],
    ['secret-encoded', JSON.stringify(secret), 'JSON form'],
  ]
}

/** What is left where a file or a parser cuts the secret. */
function parts(secret: string): readonly (readonly [text: string, sent: string])[] {
  const ends = ['#', '$', ' ', '=', '&', '%'].filter((end) => secret.indexOf(end) > 0)
  const prefix = /^[a-z0-9]+[_,:-]/i.exec(secret)?.[0] ?? ''
  return [
    ...ends.map((end) => [secret.slice(0, secret.indexOf(end)), `what precedes "${end}"`] as const),
    [secret.slice(prefix.length), `what follows "${prefix}"`],
    [secret.slice(0, -1), 'all but its last character'],
    [secret.slice(1), 'all but its first character'],
    ...[16, 24, 32, 64].map(
      (length) => [secret.slice(0, length), `its first ${length} characters`] as const,
    ),
  ]
}
