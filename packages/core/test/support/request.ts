import {
  createVerifier,
  type Portal,
  type PortalUser,
  type RequestView,
  type Verification,
  type Verified,
  type VerifierOptions,
} from '@countersign/core'

/** The moment at which these tests take place, in milliseconds: a whole second. */
export const NOW = 1_760_000_000_000
export const now = (): number => NOW

export interface RequestParts {
  readonly method?: string
  readonly query?: string
  readonly headers?: readonly (readonly [string, string])[]
  readonly host?: string
  readonly body?: Uint8Array | (() => Uint8Array | PromiseLike<Uint8Array>)
  readonly parsedBody?: unknown
  readonly native?: unknown
}

/** A request as an adapter would show it to the core. */
export function view<Native = unknown>(parts: RequestParts = {}): RequestView<Native> {
  const { method = 'GET', query, headers = [], body = new Uint8Array(), native = {} } = parts
  return {
    method,
    target: query === undefined ? '/portal' : `/portal?${query}`,
    host: parts.host,
    headers: (name) =>
      headers.filter(([sent]) => sent.toLowerCase() === name).map(([, value]) => value),
    body: () => (typeof body === 'function' ? body() : body),
    parsedBody: parts.parsedBody,
    native: native as Native, // the test says what its callbacks get
  }
}

/** Verifies one request, with a verifier of its own. */
export function verify<User extends PortalUser>(
  portals: Portal<User> | readonly Portal<User>[],
  parts: RequestParts,
  options: VerifierOptions = {},
) {
  return createVerifier(portals, { now, ...options }).verify(view(parts))
}

/** `200`, or status and private code of the refusal. */
export function outcome(verification: Verification): string {
  return verification.ok ? '200' : `${verification.error.status} ${verification.error.code}`
}

/** The verified credential of an accepted request. */
export function accepted<User extends PortalUser>(
  verification: Verification<User>,
): Verified<User> {
  if (verification.ok) return verification.value
  throw new Error(`refused: ${outcome(verification)} (${verification.error.message})`)
}
