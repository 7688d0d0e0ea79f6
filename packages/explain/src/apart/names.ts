import type { Portal } from '@countersign/core'

/** The headers in which the parts of a signed message travel. In lower case. */
export interface Names {
  readonly tenant: string
  readonly timestamp: string
  readonly signature: string
}

/** `undefined` for a portal whose credential is one piece of text. */
export function messageNames({ scheme }: Portal): Names | undefined {
  if (scheme.codec.signs !== 'timestamp and body') return undefined
  const parts = { tenant: 'a', timestamp: 'b', signature: 'c', body: Buffer.from('{}') }
  const written = Object.entries(scheme.carrier.write(parts).headers ?? {})
  const nameOf = (value: string): string =>
    written.find(([, each]) => each === value)?.[0].toLowerCase() ?? ''
  return { tenant: nameOf('a'), timestamp: nameOf('b'), signature: nameOf('c') }
}
