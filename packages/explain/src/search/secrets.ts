import { createHash } from 'node:crypto'
import { base64, base64url, hex, type Key } from '@countersign/core'
import { recognize } from '../apart/encodings'
import { keyOf, secretBytes, type Context } from '../context'
import { variantsOf, type Row, type Guess } from './variants'

/** A secret that may have signed. */
export interface Secret extends Guess {
  readonly key: Key
  /** `undefined` for a key that cannot be read. */
  readonly bytes: Buffer | undefined
}

/** The right secrets first, then every wrong one that could be thought of. */
export function secretsOf(context: Context): readonly Secret[] {
  const { keys, secret, portal } = context
  const own = secret === undefined ? undefined : secretBytes(secret, portal.scheme)
  const right = keys.map((key) => {
    const bytes = own && key.equals(keyOf(own)) ? own : undefined
    return { key, bytes, mistake: null, facts: {} }
  })
  const all = variantsOf([...(own ? [[null, own] as const] : []), ...wrongSecrets(context)])
  const wrong = all.filter(({ mistake }) => mistake !== null)
  return [...right, ...wrong.map((each) => ({ ...each, key: keyOf(each.bytes) }))]
}

function wrongSecrets({ secret, others, portal, audience }: Context): readonly Row[] {
  const { scheme } = portal
  const spelling = scheme.secretSpelling?.name
  const ids = Object.entries({ ...portal.ids, id: audience ?? undefined })
  return [
    ['secret-missing', '', 'an empty text'],
    ...UNSET.map((text): Row => ['secret-missing', text, `the text "${text}"`]),
    ...(secret !== undefined && spelling ? [['secret-undecoded', secret, spelling] as const] : []),
    ...(secret === undefined ? [] : respelled(secret)),
    ...Object.entries(others).flatMap(([name, text]): readonly Row[] => [
      ['secret-other', secretBytes(text, scheme), name],
      ['secret-other', text.trim(), name],
    ]),
    ...ids.flatMap(([name, id]): readonly Row[] =>
      id === undefined ? [] : [['secret-is-id', id, id, name]],
    ),
    ...PLACEHOLDERS.map((text): Row => ['secret-placeholder', text, text]),
  ]
}

/** What a missing variable becomes. */
const UNSET = [...'undefined null None nil false process.env.SECRET'.split(' '), '[object Object]']

/** From documentation pages, those of the portals among them. */
const PLACEHOLDERS =
  'my-super-secret-key your-workspace-secret your-secret-key your-signing-secret your_secret_key YOUR_SECRET_KEY secret secret_key SECRET changeme'.split(
    ' ',
  )

const SPACES = ['\n', '\r\n', ' ', '\r', '\t', '\0', '\\n', '\n\n']
const QUOTES = ['""', "''", '``', '<>', '[]', '{}']
const PREFIXES = [
  ...'v1, whsec_ v1,whsec_ pk_ sk_ sk_live_ proj_ oat_ ws_ secret_ base64: = : $'.split(' '),
  'Bearer ',
]
const HASHES = ['sha256', 'sha1', 'md5', 'sha512']

/** The text of the secret in every spelling that it is mistaken for. */
function respelled(secret: string): readonly Row[] {
  const bytes = Buffer.from(secret, 'utf8')
  const encodings = [hex, base64, base64url]
  const decoded = encodings.flatMap(
    (each) => recognize(secret.replace(/^[a-z]+_/i, ''), each) ?? recognize(secret, each) ?? [],
  )
  const hashes = HASHES.map((hash) => [hash, createHash(hash).update(bytes).digest()] as const)
  const converted: readonly (readonly [value: string | Buffer, sent: string])[] = [
    ...decoded.map(
      (each) => [each.bytes, `the bytes that the secret decodes to as ${each.name}`] as const,
    ),
    [Buffer.from(secret, 'base64'), 'the bytes that the secret decodes to as base64'], // what a lenient decoder returns
    ...encodings.map((each) => [each.encode(bytes), `the ${each.name} of the secret`] as const),
    ...PREFIXES.map((each) => [each + secret, `"${each}" in front of the secret`] as const),
    ...parts(secret).map(([part, sent]) => [part, `a part of the secret: ${sent}`] as const),
    ...hashes.map(([name, hash]) => [hash, `the ${name} hash of the secret`] as const),
    ...hashes.map(
      ([name, hash]) => [hash.toString('hex'), `the ${name} hash of the secret`] as const,
    ),
    [secret.toLowerCase(), 'the secret in lower case'],
    [secret.toUpperCase(), 'the secret in upper case'],
    [encodeURIComponent(secret), 'the percent-encoded secret'],
    [JSON.stringify(secret), 'the secret as JSON'],
  ]
  return [
    ...SPACES.map((space): Row => ['secret-white-space', secret + space]),
    ...SPACES.map((space): Row => ['secret-white-space', space + secret]),
    ...QUOTES.map(([open = '', close = '']): Row => ['secret-quoted', open + secret + close]),
    ...converted.map(([value, sent]): Row => ['secret-converted', value, sent]),
  ]
}

/** What is left where a file or a parser cuts the secret. */
function parts(secret: string): readonly (readonly [part: string, which: string])[] {
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
