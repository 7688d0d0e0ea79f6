import { channel, type Channel } from 'node:diagnostics_channel'
import { isPromise } from './awaitable'
import { ConfigError } from './config-error'
import { isRejection, Rejection, REJECTIONS, type RejectionCode } from './rejection'
import type { ResponseData } from './request'
import { problemResponse } from './response'

/**
 * Emits a process warning for the developer. Never contains a secret, a credential or a claim.
 * @param detail printed below the message, such as a stack
 */
export function warn(code: string, message: string, detail?: string): void {
  const text = `Countersign: ${message}`
  process.emitWarning(text, { type: 'CountersignWarning', code, ...(detail && { detail }) })
}

/** Reports to the developer what goes wrong in one guard or endpoint. */
export interface Reporter {
  /**
   * Reports a refused request to all who listen: the diagnostics channel, the developer's terminal
   * and `onRejected`. The terminal gets each code once, and nothing in production; with
   * `COUNTERSIGN_DEBUG=1` it gets every refusal, with `COUNTERSIGN_DEBUG=0` none, and faults of the
   * application always.
   * @returns the response, made before an observer can change the error
   */
  refused(
    error: Rejection | ConfigError,
    scheme: string | null,
    onRejected?: (error: Rejection | ConfigError) => unknown,
  ): ResponseData
  /** Calls an observer so that nothing it does, now or later, affects the request. */
  observe(name: string, observer: () => unknown): void
}

const READ_ON = 'See docs/refused-links.md.'
/** A fault that goes on is reported again after this many milliseconds, with its count. */
const REPEAT_AFTER = 60_000

/** Not the client's doing: something of the application's own failed. */
const FAULTS: readonly RejectionCode[] = [
  'secret_unavailable',
  'store_unavailable',
  'user_unavailable',
]

/**
 * @param owner the function that was called, such as `requireSignedUser()`
 * @param now a monotonic clock in milliseconds
 */
export function reporterFor(owner: string, now = (): number => performance.now()): Reporter {
  const fault = faultsOf(owner, now)
  const toTerminal = terminalOf(owner, fault)

  function observe(name: string, observer: () => unknown): void {
    const failed = (cause: unknown): void =>
      fault(name, 'COUNTERSIGN_OBSERVER_FAILED', `\`${name}\` failed`, cause)
    try {
      const result = observer()
      if (isPromise(result)) result.then(undefined, failed)
    } catch (error) {
      failed(error)
    }
  }

  return {
    refused(error, scheme, onRejected) {
      const response = problemResponse(error)
      const { code, status, detail } = error
      publish('rejected', { scheme, code, status, detail })
      toTerminal(error, scheme)
      if (onRejected) observe('onRejected', () => onRejected(explained(error, scheme)))
      return response
    },
    observe,
  }
}

function terminalOf(owner: string, fault: ReturnType<typeof faultsOf>) {
  const reported = new Set<string>()

  return (error: Rejection | ConfigError, scheme: string | null): void => {
    if (error instanceof ConfigError) {
      return fault(error.reason, 'COUNTERSIGN_MISCONFIGURED', error.message, undefined)
    }
    const { code, detail, cause } = error
    if (FAULTS.includes(code)) return fault(code, 'COUNTERSIGN_FAULT', `${code}: ${detail}`, cause)
    if (!isVerbose(reported.has(code))) return
    reported.add(code)
    const whose = scheme === null ? '' : ` (${scheme})`
    warn(
      'COUNTERSIGN_REFUSED',
      `${owner}${whose} refused a request: ${code}: ${asSentence(explained(error, scheme).detail)} ${READ_ON}`,
    )
  }
}

/** A refused credential, with the command that finds the mistake in it at the end of the detail. */
function explained<Refused extends Rejection | ConfigError>(
  error: Refused,
  scheme: string | null,
): Refused | Rejection {
  if (!isRejection(error) || scheme === null) return error
  const { code, detail, cause } = error
  if (REJECTIONS[code].challenge !== 'invalid_token' || code === 'token_replayed') return error
  const more = `to find out more: countersign explain --portal ${scheme}`
  return new Rejection(code, `${detail}; ${more}`, cause)
}

function asSentence(detail: string): string {
  return detail.endsWith('?') ? detail : `${detail}.`
}

/** Whether a refusal is reported, by the environment at this moment. */
function isVerbose(isRepeated: boolean): boolean {
  const { COUNTERSIGN_DEBUG: debug, NODE_ENV: environment } = process.env
  if (debug === '1') return true
  return debug !== '0' && environment !== 'production' && !isRepeated
}

/** Faults are reported when they first happen, also in production; then they are counted. */
function faultsOf(owner: string, now: () => number) {
  const faults = new Map<string, { reportedAt: number; count: number }>()

  return (kind: string, code: string, problem: string, cause: unknown): void => {
    const time = now()
    const known = faults.get(kind)
    if (known && time - known.reportedAt < REPEAT_AFTER) {
      known.count++
      return
    }
    const times = known?.count ? ` (and ${known.count} more times since it was last reported)` : ''
    faults.set(kind, { reportedAt: time, count: 0 })
    warn(code, `${owner}: ${problem}${times}`, stackOf(cause))
  }
}

function stackOf(cause: unknown): string | undefined {
  if (cause === undefined) return undefined
  return cause instanceof Error ? (cause.stack ?? String(cause)) : `Thrown: ${typeof cause}`
}

/**
 * What subscribers of `node:diagnostics_channel` receive on `countersign:verified`,
 * `countersign:rejected`, `countersign:rotated` and `countersign:signed`. Frozen. Contains no user,
 * no credential and no request.
 */
export interface CountersignEvent {
  /** `null` where the request matches none of several portals. */
  readonly scheme: string | null
  /** The verified tenant; `null` for a refusal, or where the portal has one secret for all tenants. */
  readonly tenant: string | null
  /** The id of the secret that signed; `null` for a refusal, or where it has none. */
  readonly keyId: string | null
  /** The rejection's code; `null` for a success. */
  readonly code: string | null
  /** The HTTP status of the response; 200 for a success. */
  readonly status: number
  /** Which rule failed; `null` for a success. */
  readonly detail: string | null
}

export const channels: Readonly<Record<'verified' | 'rejected' | 'rotated' | 'signed', Channel>> = {
  verified: channel('countersign:verified'),
  rejected: channel('countersign:rejected'),
  rotated: channel('countersign:rotated'),
  signed: channel('countersign:signed'),
}

/** Builds no event unless someone listens. */
export function publish(name: keyof typeof channels, event: Partial<CountersignEvent>): void {
  if (!channels[name].hasSubscribers) return
  const success = { scheme: null, tenant: null, keyId: null, code: null, status: 200, detail: null }
  channels[name].publish(Object.freeze({ ...success, ...event }))
}
