import {
  base64,
  base64url,
  base64urlPadded,
  hex,
  isRejection,
  malformed,
  type ClaimsTable,
  type Codec,
  type Encoding,
  type Field,
  type MessageNames,
  type Portal,
  type PortalUser,
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

/** A claim that a portal reads. */
export interface ClaimField {
  readonly claim: string
  readonly role: 'user' | 'nonce' | 'time' | 'audience' | 'fixed'
  /** The property of the user, the name in the claims table, or the value of a fixed claim. */
  readonly property: string
  readonly field: Field<unknown, never>
}

const ABOUT = {
  nonce: 'nonce',
  issuedAt: 'time',
  notBefore: 'time',
  expiresAt: 'time',
  audience: 'audience',
} as const

/**
 * Every claim that a portal reads, each once: of the user, then about the credential. Fields that
 * read several claims are not among them.
 */
export function claimFields({ scheme }: Portal): readonly ClaimField[] {
  const { user, fixed = {}, ...about } = scheme.claims as ClaimsTable<PortalUser, never>
  const row = (
    role: ClaimField['role'],
    property: string,
    field: Field<unknown, never> | undefined,
  ): readonly ClaimField[] =>
    !field?.claim || field.takes ? [] : [{ claim: field.claim, role, property, field }]
  const all = [
    ...Object.entries<Field<unknown, never>>(user).flatMap(([name, field]) =>
      row('user', name, field),
    ),
    ...Object.entries(ABOUT).flatMap(([name, role]) => {
      return row(role, name, about[name as keyof typeof ABOUT] as Field<unknown, never> | undefined) // of any kind
    }),
    ...Object.entries(fixed).flatMap(([claim, value]) =>
      row('fixed', value, constant(claim, value)),
    ),
  ]
  return all.filter(({ claim, field }, index) => {
    const same = all.filter((each) => each.claim === claim)
    const isWritten = same.some((each) => each.role === 'user' && !each.field.isReadOnly)
    return isWritten ? !field.isReadOnly : same.at(-1) === all[index]
  })
}

/** A claim that always has the same value. */
function constant(claim: string, wanted: string): Field<unknown, never> {
  return {
    claim,
    read: (raw) => (raw === wanted ? raw : malformed(`"${claim}" is not "${wanted}"`)),
    write: () => wanted,
  }
}

/** Why the portal refuses this value for a claim; `null` where it accepts it. */
export function refusal({ field }: Pick<ClaimField, 'field'>, value: unknown): string | null {
  try {
    field.read(value)
    return null
  } catch (error) {
    if (isRejection(error)) return error.detail ?? ''
    throw error
  }
}

export function accepts(each: Pick<ClaimField, 'field'>, value: unknown): boolean {
  return refusal(each, value) === null
}

/** A moment to see a unit by. */
const SAMPLE = 1_700_000_000_000

export function unitOf(field: Pick<Field<unknown, never>, 'write'>): 'seconds' | 'milliseconds' {
  return field.write(SAMPLE as never) === SAMPLE ? 'milliseconds' : 'seconds' // a time is written from milliseconds
}
