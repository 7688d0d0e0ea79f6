/** Each mistake an application can make, told apart by a stable word. */
export type ConfigReason =
  | 'option_unknown'
  | 'option_invalid'
  | 'secret_missing'
  | 'secret_empty'
  | 'secret_type'
  | 'secret_too_short'
  | 'secret_whitespace'
  | 'secret_looks_like_key_file'
  | 'secret_placeholder'
  | 'secret_for_tests'
  | 'secret_reuse'
  | 'too_many_secrets'
  | 'key_retired'
  | 'portal_missing'
  | 'portals_alike'
  | 'audience_missing'
  | 'id_missing'
  | 'not_single_use'
  | 'store_unsafe'
  | 'scheme_unreadable'
  | 'no_guard'
  | 'raw_body_unavailable'
  | 'clock_invalid'

export interface ConfigFault {
  /** One sentence without its full stop. Never a secret, never anything a client sent. */
  readonly problem: string
  /** What to change, as one sentence without its full stop. */
  readonly fix: string
}

/**
 * The developer's mistake. Thrown at construction wherever it can be seen there; where only a
 * request shows it, it is answered with a bare 500 `server_error` and this error goes to the log.
 */
export class ConfigError extends TypeError {
  override readonly name = 'ConfigError'
  /** `raw_body_unavailable` and `clock_invalid` stand for themselves, all others are `misconfigured`. */
  readonly code: 'misconfigured' | 'raw_body_unavailable' | 'clock_invalid'
  readonly reason: ConfigReason
  readonly fix: string
  readonly status = 500
  readonly statusCode = 500
  readonly expose = false
  readonly headers: Readonly<Record<string, string>> = {}

  constructor(reason: ConfigReason, { problem, fix }: ConfigFault) {
    super(`${problem}. ${fix}.`)
    this.reason = reason
    this.fix = fix
    this.code =
      reason === 'raw_body_unavailable' || reason === 'clock_invalid' ? reason : 'misconfigured'
  }
}
