import { createHash } from 'node:crypto'
import { hex, MAC_LENGTH } from '@countersign/core'
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

const USUAL: readonly MacWay[] = [
  { mistake: null, facts: {}, mac: ({ key }, input) => key.sign([input], hex) },
  {
    mistake: 'mac-swapped',
    facts: {},
    mac: ({ bytes }, input) => bytes && keyOf(input).sign([bytes], hex),
  },
]

type Make = (hash: string, input: Buffer, secret: Secret) => string | undefined

const BOTH = 'the secret and the text joined together'

const WITH_ANY_HASH: readonly (readonly [mistake: CauseId, name: string, make: Make])[] = [
  ['mac-hash', '', (hash, input, { key }) => key.hmac(hash, [input]).toString('hex')],
  ['mac-unkeyed', BOTH, (hash, input, { bytes }) => bytes && hashed(hash, bytes, input)],
  ['mac-unkeyed', BOTH, (hash, input, { bytes }) => bytes && hashed(hash, input, bytes)],
  [
    'mac-unkeyed',
    'the text, without the secret',
    (hash, input, { mistake }) => (mistake ? undefined : hashed(hash, input)),
  ],
]

/**
 * The ways to a signature of so many bytes, the right one first. That of a longer hash may have been
 * cut to the length of ours.
 */
export function waysTo(lengths: readonly number[]): readonly MacWay[] {
  const hashes = ['sha256', 'sha1', 'sha384', 'sha512', 'md5', 'sha224'].filter((hash) => {
    const { length } = createHash(hash).digest()
    return lengths.includes(length) || (length > MAC_LENGTH && lengths.includes(MAC_LENGTH))
  })
  const others = hashes.flatMap((hash) =>
    WITH_ANY_HASH.map(([mistake, name, make]): MacWay => {
      const sent = hash.toUpperCase().replace('SHA', 'SHA-')
      return { mistake, facts: { sent, name }, mac: (secret, input) => make(hash, input, secret) }
    }),
  )
  return [...USUAL, ...others]
}

function hashed(hash: string, ...pieces: readonly Buffer[]): string {
  return createHash(hash).update(Buffer.concat(pieces)).digest('hex')
}
