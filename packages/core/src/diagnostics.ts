import { channel, type Channel } from 'node:diagnostics_channel'

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
