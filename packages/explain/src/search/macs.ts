import { createHash } from 'node:crypto'
import { hex, MAC_LENGTH, type Key } from '@countersign/core'
import type { CauseId } from '../causes'
import { keyOf } from '../context'
import type { Secret } from './secrets'
import type { Guess } from './variants'

/** A way to make a signature of a secret and an input. */
export interface MacWay extends Guess {
  /** @returns hex; `undefined` where the secret would have to be known as text */
  mac(secret: Secret, input: Buffer): string | undefined
}

/**
 * The ways to a signature of so many bytes, the right one first. That of a longer hash may have been
 * cut to the length of ours.
 */
export function waysTo(lengths: readonly number[]): readonly MacWay[] {
  const hashes = ['sha256', 'sha1', 'sha384', 'sha512', 'md5', 'sha224'].filter((hash) => {
    const { length } = createHash(hash).digest()
    return lengths.includes(length) || (length > MAC_LENGTH && lengths.includes(MAC_LENGTH))
  })
  return hashes.flatMap(waysWith)
}

function waysWith(hash: string): readonly MacWay[] {
  const hmac = (key: Key, input: Buffer): string =>
    hash === 'sha256' ? key.sign([input], hex) : key.hmac(hash, [input]).toString('hex') // faster
  const plain = (...pieces: readonly Buffer[]): string =>
    createHash(hash).update(Buffer.concat(pieces)).digest('hex')
  const way = (mistake: CauseId | null, name: string, mac: MacWay['mac']): MacWay => {
    return { mistake, facts: { sent: hash.toUpperCase().replace('SHA', 'SHA-'), name }, mac }
  }
  const both = 'the secret and the text joined together'
  return [
    way(hash === 'sha256' ? null : 'mac-hash', '', ({ key }, input) => hmac(key, input)),
    way('mac-swapped', '', ({ bytes }, input) => bytes && hmac(keyOf(input), bytes)),
    way('mac-unkeyed', both, ({ bytes }, input) => bytes && plain(bytes, input)),
    way('mac-unkeyed', both, ({ bytes }, input) => bytes && plain(input, bytes)),
    way('mac-unkeyed', 'the text, without the secret', ({ mistake }, input) =>
      mistake ? undefined : plain(input),
    ),
  ]
}
