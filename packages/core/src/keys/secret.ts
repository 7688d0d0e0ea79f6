import { KeyObject } from 'node:crypto'
import { ConfigError, type ConfigReason } from '../config-error'
import { anything, readOptions, type OptionTable } from '../options'
import { warn } from '../report'
import { decodeUtf8, type Encoding } from '../wire/bytes'
import { Key } from './key'

/** A shared secret: text (its UTF-8 bytes), bytes, or a `KeyObject` of type `secret`. */
export type SecretValue = string | Uint8Array | KeyObject

/** A secret with a name for logs, and a time at which it stops being accepted. */
export interface NamedSecret {
  readonly id: string
  readonly value: SecretValue
  /** From this time on the secret neither verifies nor signs. @default never */
  readonly notAfter?: Date | undefined
}

/** A secret, with or without a name. */
export type SecretInput = SecretValue | NamedSecret

/** Values that people paste in the place of a signing secret, by how they begin. */
const NOT_SECRETS: Readonly<Record<string, string>> = {
  pk_: 'a publishable key',
  proj_: 'the id of a project',
  ws_: 'the id of a workspace',
  oat_: 'an access token',
  whsec_: 'the secret of a webhook',
  'v1,': 'a webhook signature',
  'Bearer ': 'an `Authorization` header',
}

/** More secrets would let one request cost too much. */
export const MAX_SECRETS = 8
const MIN_LENGTH = 16
const RECOMMENDED_LENGTH = 32

/**
 * Makes keys of one secret or a list. The first signs, all verify.
 * @throws ConfigError `misconfigured` for anything that cannot be a secret
 */
export function toKeys(
  input: SecretInput | readonly SecretInput[] | undefined,
  owner: SecretOwner,
): readonly Key[] {
  const list = Array.isArray(input) ? (input as readonly SecretInput[]) : [input as SecretInput]
  if (list.length === 0) refuse(owner, 'secret_empty', 'is an empty list')
  if (list.length > MAX_SECRETS) {
    refuse(owner, 'too_many_secrets', `is a list of more than ${MAX_SECRETS}`)
  }
  return Object.freeze(list.map((each) => toKey(each, owner)))
}

/** Whose secrets these are. Errors and warnings name the portal, never the secret. */
export interface SecretOwner {
  readonly name: string
  /** Further beginnings of values that are mistaken for this secret, and what those are. */
  readonly notSecrets: Readonly<Record<string, string>>
  /** How the vendor spells its keys as text; `undefined` where the text is the key. */
  readonly spelling?: Encoding | undefined
  /** Codes of warnings that were emitted: each once per portal, however often it looks secrets up. */
  readonly warned: Set<string>
}

function refuse(
  { name }: SecretOwner,
  reason: ConfigReason,
  problem: string,
  fix = reason === 'secret_missing'
    ? 'Pass `secret`; if it comes from an environment variable, check that the variable is set (in tests, to testSecret() of @countersign/testing), or pass `() => process.env.NAME` where only the running server has it'
    : 'Pass the secret exactly as the portal shows it: at least 16 bytes, without anything before or after it',
): never {
  throw new ConfigError(reason, { problem: `The secret of ${name}() ${problem}`, fix })
}

function warnOnce({ name, warned }: SecretOwner, code: string, problem: string): void {
  if (warned.has(code)) return
  warned.add(code)
  warn(code, `the secret of ${name}() ${problem}`)
}

function toKey(input: SecretInput, owner: SecretOwner): Key {
  const { id, value, notAfter } = named(input, owner)
  const bytes = toBytes(value, owner)
  if (typeof value === 'string' && owner.spelling) assertLength(bytes, owner)
  else assertSecret(bytes, owner)
  const key = new Key(bytes, { id, notAfter: notAfter?.getTime() ?? Infinity })
  bytes.fill(0)
  return key
}

function assertSecret(bytes: Buffer, owner: SecretOwner): void {
  const utf8 = decodeUtf8(bytes)
  const text = utf8 ?? bytes.toString('latin1')
  if (bytes.length === 0) refuse(owner, 'secret_empty', 'is empty')
  if (text.endsWith('\0')) {
    refuse(owner, 'secret_whitespace', 'ends with a NUL byte, which HMAC treats as padding')
  }
  if (utf8 !== undefined && utf8.trim() !== utf8) {
    refuse(owner, 'secret_whitespace', 'begins or ends with white space, such as a line break')
  }
  assertNothingElse(text, owner)
  assertLength(bytes, owner)
  assertPrivate(text, bytes.length, owner)
}

function assertLength(bytes: Buffer, owner: SecretOwner): void {
  if (bytes.length >= MIN_LENGTH) return
  refuse(owner, 'secret_too_short', `is shorter than ${MIN_LENGTH} bytes`)
}

function assertNothingElse(text: string, owner: SecretOwner): void {
  if (/^(?:"[^]*"|'[^]*'|`[^]*`|<[^]*>|\$\{[^]*\})$/.test(text)) {
    refuse(owner, 'secret_quoted', 'is still in quotes, angle brackets or `${…}`')
  }
  if (text.includes('-----BEGIN ') || /^\s*\{[^]*"(?:kty|keys)"\s*:/.test(text)) {
    refuse(owner, 'secret_looks_like_key_file', 'is the text of a PEM or JWK file')
  }
  for (const [prefix, what] of Object.entries({ ...NOT_SECRETS, ...owner.notSecrets })) {
    if (!text.startsWith(prefix)) continue
    refuse(owner, 'secret_wrong_kind', `begins with "${prefix}", as ${what} does`)
  }
}

/** Refuses, or warns of, a secret that others know or can guess. */
function assertPrivate(text: string, length: number, owner: SecretOwner): void {
  const isProduction = process.env['NODE_ENV'] === 'production'
  if (text.startsWith('countersign-test-secret')) {
    if (!isProduction) return
    refuse(owner, 'secret_for_tests', 'is a test secret of @countersign/testing')
  }
  if (PLACEHOLDER.test(text)) {
    const problem = 'is a placeholder from a documentation page'
    if (isProduction) refuse(owner, 'secret_placeholder', problem)
    const then = 'It is refused when NODE_ENV is "production".'
    return warnOnce(owner, 'COUNTERSIGN_PLACEHOLDER_SECRET', `${problem}. ${then}`)
  }
  if (length >= RECOMMENDED_LENGTH) return
  const advice = 'use a longer one if the portal allows it.'
  const problem = `is shorter than ${RECOMMENDED_LENGTH} bytes`
  warnOnce(owner, 'COUNTERSIGN_SHORT_SECRET', `${problem}; ${advice}`)
}

/** What documentation shows in the place of a secret. */
const PLACEHOLDER =
  /^(?:my-super-secret|super-secret|changeme|change-me|change_me|replace-me|example-secret|your[-_ ])/i

const NAMED: OptionTable<Omit<NamedSecret, 'value'> & { readonly value: unknown }> = {
  id: {
    wanted: 'a name for your logs',
    read: (given) => (typeof given === 'string' && given !== '' ? given : undefined),
  },
  value: anything, // toBytes checks it
  notAfter: {
    wanted: 'a valid Date',
    fallback: undefined,
    read: (given) =>
      given instanceof Date && Number.isFinite(given.getTime()) ? given : undefined,
  },
}

function named(input: SecretInput, { name }: SecretOwner) {
  const isNamed =
    typeof input === 'object' &&
    input !== null &&
    (Object.hasOwn(input, 'value') || Object.hasOwn(input, 'id'))
  if (!isNamed) return { id: null, value: input, notAfter: undefined }
  return readOptions(`\`secret\` of ${name}()`, NAMED, input)
}

/** A copy, so that it can neither be changed after it was checked nor stay in memory. */
function toBytes(value: unknown, owner: SecretOwner): Buffer {
  if (value === undefined || value === null) return refuse(owner, 'secret_missing', 'is missing')
  if (typeof value === 'string') return fromText(value, owner)
  if (value instanceof Uint8Array) return Buffer.from(value)
  if (value instanceof KeyObject && value.type === 'secret') return value.export()
  return refuse(owner, 'secret_type', 'is neither text nor bytes nor a KeyObject of type `secret`')
}

function fromText(value: string, owner: SecretOwner): Buffer {
  const { spelling } = owner
  if (!spelling) return Buffer.from(value, 'utf8')
  const bytes = spelling.decode(value)
  return bytes ?? refuse(owner, 'secret_type', `is not ${spelling.name}`)
}
