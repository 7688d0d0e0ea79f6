import { createHash } from 'node:crypto'
import { hex } from '@countersign/core'
import type { CauseId, Facts } from '../causes'
import { keyOf } from '../context'
import type { Secret } from './secrets'

/** A way to make a signature of a secret and an input. */
export interface MacWay {
  readonly mistake: CauseId | null
  readonly facts: Facts
  /** @returns hex; `undefined` where the secret would have to be known as text */
  mac(secret: Secret, input: Buffer): string | undefined
}

const OTHER_HASHES = ['sha1', 'sha384', 'sha512', 'md5', 'sha224']

/** HMAC-SHA256 first. */
export const MAC_WAYS: readonly MacWay[] = [
  way(null, '', ({ key }, input) => key.sign([input], hex)),
  ...OTHER_HASHES.map((hash) =>
    way('mac-hash', `HMAC-${shown(hash)}`, ({ key }, input) =>
      key.hmac(hash, [input]).toString('hex'),
    ),
  ),
  way('mac-swapped', '', ({ bytes }, input) => bytes && keyOf(input).sign([bytes], hex)),
  ...['sha256', ...OTHER_HASHES].flatMap((hash) => [
    way('mac-concatenated', shown(hash), ({ bytes }, input) => bytes && hashed(hash, bytes, input)),
    way('mac-concatenated', shown(hash), ({ bytes }, input) => bytes && hashed(hash, input, bytes)),
    way('mac-unkeyed', shown(hash), ({ mistake }, input) =>
      mistake ? undefined : hashed(hash, input),
    ),
  ]),
]

function way(mistake: CauseId | null, sent: string, mac: MacWay['mac']): MacWay {
  return { mistake, facts: { sent }, mac }
}

function hashed(hash: string, ...pieces: readonly Buffer[]): string {
  return createHash(hash).update(Buffer.concat(pieces)).digest('hex')
}

function shown(hash: string): string {
  return hash.toUpperCase().replace('SHA', 'SHA-')
}
