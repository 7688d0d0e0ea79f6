import { createHash } from 'node:crypto'
import { hex, Key } from '@countersign/core'
import type { CauseId, Facts } from '../causes'
import type { Candidate } from './secrets'

/** A way to make a signature of a secret and an input. */
export interface MacWay {
  readonly mistake: readonly [id: CauseId, facts: Facts] | null
  /** @returns hex; `undefined` where the secret would have to be known as text */
  mac(secret: Candidate, input: Buffer): string | undefined
}

const OTHER_HASHES = ['sha1', 'sha384', 'sha512', 'md5', 'sha224']
const HASHES = ['sha256', ...OTHER_HASHES]

/** HMAC-SHA256 first. */
export const MAC_WAYS: readonly MacWay[] = [
  { mistake: null, mac: ({ key }, input) => key.sign([input], hex) },
  ...OTHER_HASHES.map((hash): MacWay => ({
    mistake: ['mac-hash', { sent: `HMAC-${shown(hash)}` }],
    mac: ({ key }, input) => key.hmac(hash, [input]).toString('hex'),
  })),
  {
    mistake: ['mac-swapped', {}],
    mac: ({ bytes }, input) => bytes && keyOf(input).sign([bytes], hex),
  },
  ...HASHES.flatMap((hash): readonly MacWay[] => [
    {
      mistake: ['mac-concatenated', { sent: shown(hash) }],
      mac: ({ bytes }, input) => bytes && hashed(hash, bytes, input),
    },
    {
      mistake: ['mac-concatenated', { sent: shown(hash) }],
      mac: ({ bytes }, input) => bytes && hashed(hash, input, bytes),
    },
    {
      mistake: ['mac-unkeyed', { sent: shown(hash) }],
      mac: ({ mistake }, input) => (mistake ? undefined : hashed(hash, input)),
    },
  ]),
]

/** A key that is never kept. */
export function keyOf(secret: Uint8Array): Key {
  return new Key(secret, { id: null, notAfter: Infinity })
}

function hashed(hash: string, ...pieces: readonly Buffer[]): string {
  const running = createHash(hash)
  for (const piece of pieces) running.update(piece)
  return running.digest('hex')
}

function shown(hash: string): string {
  return hash.toUpperCase().replace('SHA', 'SHA-')
}
