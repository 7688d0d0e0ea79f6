import {
  base64,
  base64url,
  base64urlPadded,
  hex,
  isRejection,
  malformed,
  type ClaimsTable,
  type Encoding,
  type Field,
  type MessageNames,
  type Portal,
  type PortalUser,
} from '@countersign/core'

/** How a portal's credentials are written, as far as its scheme says it. */
export interface Format {
  readonly content: 'json' | 'form' | 'identifier'
  /** Of the payload; `null` for text as it is. */
  readonly encoding: Encoding | null
  /** The header of a JWT; `null` for other formats. */
  readonly header: string | null
  /** What the parts of a signed message are called, in lower case; none for one piece of text. */
  readonly headerNames: MessageNames | undefined
  /** The same in a form. */
  readonly fieldNames: MessageNames | undefined
  /** Every claim that the portal reads. */
  readonly fields: readonly ClaimField[]
}

/** @param tenant the one in the header of a JWT */
export function formatOf(portal: Portal, tenant: string | null): Format {
  const { codec, carrier } = portal.scheme
  const parts = { tenant: 'tenant', timestamp: 'timestamp', signature: 'signature' }
  const written = codec.compact ? {} : carrier.write({ ...parts, body: Buffer.from('{}') })
  const { headers, fields } = written
  return {
    ...payloadFormat(codec),
    header: typeof codec.header === 'function' ? codec.header(tenant) : codec.header,
    headerNames: headers && namesIn(headers, (name) => name.toLowerCase()),
    fieldNames: fields && namesIn(fields, (name) => name),
    fields: claimFields(portal),
  }
}

/** Reads it off an example where the codec does not say it. */
function payloadFormat(codec: Portal['scheme']['codec']): Pick<Format, 'content' | 'encoding'> {
  if (!codec.compact || codec.payload) return { content: 'json', encoding: codec.payload }
  const sealed = String(codec.seal({ probe: 'probe' }, 'any').finish(''))
  const example = sealed.split('.').at(-2) ?? ''
  const encoding = [hex, base64, base64url, base64urlPadded].find((each) => {
    return each.decode(example)?.toString('utf8').startsWith('probe=')
  })
  if (encoding) return { content: 'form', encoding }
  return { content: example.startsWith('{') ? 'json' : 'identifier', encoding: null }
}

/** @param written the parts by their names */
function namesIn(
  written: Readonly<Record<string, string>>,
  spell: (name: string) => string,
): MessageNames {
  const names = Object.entries(written).map(([name, part]) => [part, spell(name)])
  return Object.fromEntries(names) as MessageNames // the parts are values
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
function claimFields({ scheme }: Portal): readonly ClaimField[] {
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
