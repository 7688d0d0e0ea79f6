import {
  base64,
  base64url,
  base64urlPadded,
  hex,
  type Codec,
  type Encoding,
  type Portal,
} from '@countersign/core'

/** How the payload of a format is written. */
export interface PayloadFormat {
  readonly content: 'json' | 'form' | 'identifier'
  /** `null` for text as it is. */
  readonly encoding: Encoding | null
}

const ENCODINGS = [hex, base64, base64url, base64urlPadded]

/** Reads a format off an example, so that it need not be listed anywhere. */
export function payloadFormat({ scheme: { codec } }: Portal): PayloadFormat {
  if (!codec.compact) return { content: 'json', encoding: null }
  const example = exampleOf(codec)
  for (const encoding of [codec.payload, ...ENCODINGS]) {
    const text = encoding?.decode(example)?.toString('utf8') ?? ''
    if (text.startsWith('{')) return { content: 'json', encoding }
    if (text.startsWith('probe=')) return { content: 'form', encoding }
  }
  const isKnown = codec.payload !== null || example === '' || example.startsWith('{')
  return { content: isKnown ? 'json' : 'identifier', encoding: codec.payload }
}

/** The payload of one claim; empty for a codec that needs others. */
function exampleOf(codec: Codec<unknown>): string {
  try {
    return (
      String(codec.seal({ probe: 'probe' }, 'any').finish(''))
        .split('.')
        .at(-2) ?? ''
    )
  } catch {
    return ''
  }
}

/** The header of a JWT for this portal; `null` for other formats. */
export function headerOf({ header }: Codec<unknown>, audience: string | null): string | null {
  return typeof header === 'function' ? header(audience) : header
}

/** What the parts of a signed message are called where they travel. */
export interface PartNames {
  readonly tenant: string
  readonly timestamp: string
  readonly signature: string
}

export interface MessageNames {
  /** In lower case. */
  readonly headers: PartNames
  /** Of a form; `null` for a portal that takes none. */
  readonly fields: PartNames | null
}

/** `undefined` for a portal whose credential is one piece of text. */
export function messageNames({
  scheme: { codec, carrier },
}: Pick<Portal, 'scheme'>): MessageNames | undefined {
  if (codec.compact) return undefined
  const parts = { tenant: 'a', timestamp: 'b', signature: 'c', body: Buffer.from('{}') }
  const { headers = {}, fields } = carrier.write(parts)
  const namesIn = (all: Readonly<Record<string, string>>): PartNames => {
    const nameOf = (value: string): string =>
      Object.keys(all).find((name) => all[name] === value) ?? ''
    return { tenant: nameOf('a'), timestamp: nameOf('b'), signature: nameOf('c') }
  }
  const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])
  return {
    headers: namesIn(Object.fromEntries(lower) as Record<string, string>), // of pairs
    fields: fields ? namesIn(fields) : null,
  }
}
