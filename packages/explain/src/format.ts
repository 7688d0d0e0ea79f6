import {
  base64,
  base64url,
  base64urlPadded,
  hex,
  type Codec,
  type Encoding,
  type MessageNames,
  type Portal,
} from '@countersign/core'

/** How the payload of a format is written. */
export interface PayloadFormat {
  readonly content: 'json' | 'form' | 'identifier'
  /** `null` for text as it is. */
  readonly encoding: Encoding | null
}

/** Reads a format off an example where the codec does not say it. */
export function payloadFormat({ scheme: { codec } }: Portal): PayloadFormat {
  if (!codec.compact || codec.payload) return { content: 'json', encoding: codec.payload }
  const example =
    String(codec.seal({ probe: 'probe' }, 'any').finish(''))
      .split('.')
      .at(-2) ?? ''
  const isForm = (bytes?: Buffer): boolean => bytes?.toString('utf8').startsWith('probe=') ?? false
  const encoding = [hex, base64, base64url, base64urlPadded].find((each) =>
    isForm(each.decode(example)),
  )
  if (encoding) return { content: 'form', encoding }
  return { content: example.startsWith('{') ? 'json' : 'identifier', encoding: null }
}

/** The header of a JWT for this portal; `null` for other formats. */
export function headerOf({ header }: Codec<unknown>, audience: string | null): string | null {
  return typeof header === 'function' ? header(audience) : header
}

/** What the parts of a signed message are called where they travel. */
export interface PlacedNames {
  /** In lower case. */
  readonly headers: MessageNames
  /** Of a form; `null` for a portal that takes none. */
  readonly fields: MessageNames | null
}

/** `undefined` for a portal whose credential is one piece of text. */
export function messageNames({
  scheme: { codec, carrier },
}: Pick<Portal, 'scheme'>): PlacedNames | undefined {
  if (codec.compact) return undefined
  const parts = { tenant: 'tenant', timestamp: 'timestamp', signature: 'signature' }
  const { headers = {}, fields } = carrier.write({ ...parts, body: Buffer.from('{}') })
  const namesIn = (all: Readonly<Record<string, string>>, spell = (name: string) => name) =>
    Object.fromEntries(
      Object.entries(all).map(([name, part]) => [part, spell(name)]),
    ) as unknown as MessageNames // the parts are values
  return {
    headers: namesIn(headers, (name) => name.toLowerCase()),
    fields: fields ? namesIn(fields) : null,
  }
}
