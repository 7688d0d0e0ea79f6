/** A stable word for each mistake that an application can make. */
export type ConfigReason =
  | 'option_unknown'
  | 'option_invalid'
  | 'secret_missing'
  | 'secret_empty'
  | 'secret_type'
  | 'secret_too_short'
  | 'secret_whitespace'
  | 'secret_quoted'
  | 'secret_wrong_kind'
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

/**
 * A mistake in the application. Thrown at construction wherever it can be detected there. One that
 * only a request reveals is answered with a bare 500 `server_error`, and this error goes to the log.
 */
export class ConfigError extends TypeError {
  override readonly name = 'ConfigError'
  /** `misconfigured`, except for `raw_body_unavailable` and `clock_invalid`: their code equals their reason. */
  readonly code: 'misconfigured' | 'raw_body_unavailable' | 'clock_invalid'
  readonly reason: ConfigReason
  /** What is wrong. */
  readonly detail: string
  /** What to change. */
  readonly fix: string
  readonly status = 500
  readonly statusCode = 500
  readonly expose = false
  readonly headers: Readonly<Record<string, string>> = {}

  /**
   * @param sentences without their full stops, and without a secret or a value that a client sent:
   *   what is wrong, and what to change, which may be a question
   */
  constructor(
    reason: ConfigReason,
    { problem, fix }: { readonly problem: string; readonly fix: string },
  ) {
    super(`${problem}. ${fix}${fix.endsWith('?') ? '' : '.'}`)
    this.reason = reason
    this.detail = problem
    this.fix = fix
    this.code =
      reason === 'raw_body_unavailable' || reason === 'clock_invalid' ? reason : 'misconfigured'
  }
}
