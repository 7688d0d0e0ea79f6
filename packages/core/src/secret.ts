import { createSecretKey, KeyObject } from 'node:crypto'
import { decodeUtf8 } from './bytes'
import { ConfigError, type ConfigReason } from './config-error'
import { Key } from './key'
import { warn } from './warn'

/** A shared secret: text (its UTF-8 bytes), bytes, or a `KeyObject` of type `secret`. */
export type SecretValue = string | Uint8Array | KeyObject

/** A secret with a name for logs, and a day on which it stops being accepted. */
export interface NamedSecret {
  readonly id: string
  readonly value: SecretValue
  /** From this moment on the secret neither verifies nor signs. @default never */
  readonly notAfter?: Date | undefined
}

export type SecretInput = SecretValue | NamedSecret

/** More secrets than this would let one request cost too much. */
export const MAX_SECRETS = 8
const MIN_LENGTH = 16
const COMFORTABLE_LENGTH = 32

/**
 * Makes keys of one secret or a list. The first signs, all verify.
 * @throws ConfigError `misconfigured` for anything that could not be a secret
 */
export function toKeys(input: SecretInput | readonly SecretInput[]): readonly Key[] {
  const list = Array.isArray(input) ? (input as readonly SecretInput[]) : [input as SecretInput]
  if (list.length === 0) throw fault('secret_empty', 'The list of secrets is empty')
  if (list.length > MAX_SECRETS) throw fault('too_many_secrets', `More than ${MAX_SECRETS} secrets`)
  return Object.freeze(list.map(toKey))
}

function toKey(input: SecretInput): Key {
  const { id, value, notAfter } = named(input)
  const bytes = toBytes(value)
  assertUsable(bytes)
  return new Key(createSecretKey(bytes), { id, notAfter: notAfter?.getTime() ?? Infinity })
}

function named(input: SecretInput): {
  id: string | null
  value: unknown
  notAfter?: Date | undefined
} {
  if (!isNamed(input)) return { id: null, value: input }
  const { id, value, notAfter } = input
  if (typeof id !== 'string' || id === '')
    throw fault('secret_type', 'The id of a secret is not text')
  if (
    notAfter !== undefined &&
    !(notAfter instanceof Date && Number.isFinite(notAfter.getTime()))
  ) {
    throw fault('secret_type', 'The `notAfter` of a secret is not a valid Date')
  }
  return { id, value, notAfter }
}

function isNamed(input: SecretInput): input is NamedSecret {
  return (
    typeof input === 'object' &&
    input !== null &&
    !(input instanceof Uint8Array) &&
    !(input instanceof KeyObject) &&
    'value' in input
  )
}

/** A copy, so that nobody can change a secret after it was checked. */
function toBytes(value: unknown): Buffer {
  if (value === undefined || value === null) throw fault('secret_missing', 'The secret is missing')
  if (typeof value === 'string') return Buffer.from(value, 'utf8')
  if (value instanceof Uint8Array) return Buffer.from(value)
  if (value instanceof KeyObject && value.type === 'secret') return value.export()
  throw fault(
    'secret_type',
    'The secret is neither text nor bytes nor a KeyObject of type `secret`',
  )
}

function assertUsable(bytes: Buffer): void {
  const text = decodeUtf8(bytes) ?? bytes.toString('latin1')
  if (bytes.length === 0) throw fault('secret_empty', 'The secret is empty')
  if (text.endsWith('\0'))
    throw fault('secret_whitespace', 'The secret ends with a NUL byte, which HMAC cannot see')
  if (isText(bytes) && text.trim() !== text) {
    throw fault(
      'secret_whitespace',
      'The secret begins or ends with white space, a line end perhaps',
    )
  }
  if (looksLikeKeyFile(text)) {
    throw fault(
      'secret_looks_like_key_file',
      'The secret is the text of a PEM or JWK file, not a shared secret',
    )
  }
  if (bytes.length < MIN_LENGTH) {
    throw fault('secret_too_short', `The secret is shorter than ${MIN_LENGTH} bytes`)
  }
  if (isForTests(text)) assertNoProduction()
  else if (isPlaceholder(text)) onPlaceholder()
  else if (bytes.length < COMFORTABLE_LENGTH) {
    warn(
      'COUNTERSIGN_SHORT_SECRET',
      `a secret is shorter than ${COMFORTABLE_LENGTH} bytes; longer ones are safer.`,
    )
  }
}

/** Random bytes may end in anything; text that ends in white space was read or pasted wrongly. */
function isText(bytes: Buffer): boolean {
  return decodeUtf8(bytes) !== undefined
}

function looksLikeKeyFile(text: string): boolean {
  return text.includes('-----BEGIN ') || /^\s*\{[\s\S]*"(?:kty|keys)"\s*:/.test(text)
}

/** What documentation shows where a secret should stand. */
function isPlaceholder(text: string): boolean {
  return (
    /^(?:my-super-secret|super-secret|changeme|change-me|change_me|replace-me|example-secret)/i.test(
      text,
    ) || /^your[-_ ]/i.test(text)
  )
}

/** What the test kit makes: known to everyone who has it. */
function isForTests(text: string): boolean {
  return text.startsWith('countersign-test-secret')
}

function assertNoProduction(): void {
  if (process.env['NODE_ENV'] !== 'production') return
  throw fault('secret_for_tests', 'The secret is one that the test kit made, which everyone knows')
}

function onPlaceholder(): void {
  const problem = 'The secret is a placeholder from a documentation page'
  if (process.env['NODE_ENV'] === 'production') throw fault('secret_placeholder', problem)
  warn(
    'COUNTERSIGN_PLACEHOLDER_SECRET',
    `${problem}. It will be refused when NODE_ENV is "production".`,
  )
}

function fault(reason: ConfigReason, problem: string): ConfigError {
  const fix =
    reason === 'secret_missing'
      ? 'Pass `secret`; where it comes from the environment, check that the variable is set'
      : 'Pass the secret exactly as the portal shows it: at least 16 bytes, nothing before or after it'
  return new ConfigError(reason, { problem, fix })
}
