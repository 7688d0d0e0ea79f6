import type { Portal } from '@countersign/core'
import { claimFields, isRequired, unitOf } from '../content/fields'
import { headerOf, messageNames, payloadFormat, type PartNames } from '../format'
import type { Grammar } from './javascript'
import { GRAMMARS, type Language } from './languages'

/** The steps of a program that signs, in their order. */
export const STEPS = [
  'secret',
  'time',
  'claims',
  'json',
  'payload',
  'input',
  'signature',
  'credential',
  'send',
] as const

export type Step = (typeof STEPS)[number]

/** A line for each step. A step that a format does not have is empty. */
export type Lines = Readonly<Record<Step, string>>

/** The lines that sign for this portal, in every language. */
export function linesFor(portal: Portal): Readonly<Record<Language, Lines>> {
  const facts = factsOf(portal)
  const entries = Object.entries(GRAMMARS).map(([language, grammar]) => [
    language,
    linesOf(portal, grammar, facts),
  ])
  return Object.fromEntries(entries) as Record<Language, Lines> // of the same names
}

/** A whole program that signs for this portal, in every language. */
export function programsFor(portal: Portal): Readonly<Record<Language, string>> {
  const entries = Object.entries(linesFor(portal)).map(([language, lines]) => {
    const steps = new Set(STEPS.map((step) => lines[step]))
    const all = [GRAMMARS[language as Language].head, ...steps] // of the same names
    return [language, `${all.filter((line) => line !== '').join('\n')}\n`]
  })
  return Object.fromEntries(entries) as Record<Language, string> // of the same names
}

type Facts = Readonly<Record<string, string>>

function filled(template: string, facts: Facts): string {
  const line = template.replaceAll(/«(\w+)»/g, (_, name: string) => facts[name] ?? '')
  return line.replace(/ [+.] ''(?=;?$)/, '') // of an empty query
}

/** What the lines say about a portal. */
function factsOf({ scheme, ids, baseUrl, audience }: Portal): Facts {
  const { carrier, address, codec } = scheme
  const names = Object.entries(ids).map(([name, id]) => [name, id ?? `your-${kebab(name)}`])
  const all = Object.fromEntries(names) as Readonly<Record<string, string>> // of pairs
  const query = address.query?.(all) ?? ''
  const tenant = audience ?? `your-${kebab(scheme.audience ?? 'id')}`
  const parameter = carrier.parameters.at(-1) ?? carrier.places[0]?.split(' ').at(-1) ?? ''
  return {
    variable: `${kebab(scheme.name).replaceAll(/\W/g, '_').toUpperCase()}_SECRET`,
    url: filledIds(baseUrl, all) + address.path(all),
    query: query && `&${query}`,
    firstQuery: query && `?${query}`,
    text: carrier.parameters[0] ?? '',
    parameter,
    audience: tenant,
    header: headerOf(codec, tenant) ?? '',
    ...headerNames(messageNames({ scheme })?.headers),
  }
}

function headerNames(headers: PartNames | undefined): Facts {
  if (!headers) return {}
  const { tenant, timestamp, signature } = headers
  return { tenantHeader: tenant, timeHeader: timestamp, signatureHeader: signature }
}

function filledIds(url: string, ids: Facts): string {
  return url.replaceAll(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? 'your-server.example')
}

function kebab(name: string): string {
  return name.replaceAll(/(?<=[a-z])[A-Z]+/g, (capitals) => `-${capitals}`).toLowerCase()
}

function linesOf(portal: Portal, grammar: Grammar, facts: Facts): Lines {
  const { codec, carrier, secretSpelling, claims } = portal.scheme
  const { content, encoding } = payloadFormat(portal)
  const members = membersOf(portal, grammar)
  const time = claims.issuedAt ?? claims.expiresAt
  const own = {
    ...facts,
    members: members.map((each) => filled(grammar.member, each)).join(grammar.separator),
    values: members.map(({ value }) => value).join(' '),
    pairs: members.map(({ claim }) => `${claim}=%s`).join('&'),
    value: members[0]?.value ?? '',
    encoded: encoding ? grammar.encode[encoding.name as keyof Grammar['encode']] : '', // one of its names
    key: secretSpelling ? grammar.hexKey : grammar.key,
  }
  const isAlone = content === 'identifier'
  const steps: Lines = {
    secret: secretSpelling ? grammar.hexSecret : grammar.secret,
    time: time ? grammar[unitOf(time)] : '',
    claims: isAlone ? '' : grammar.claims || grammar[content],
    json: grammar[content],
    payload: encoding ? grammar.payload : '',
    input: grammar.input[isAlone ? 'identifier' : codec.signs],
    signature: grammar.mac[codec.signature.name as keyof Grammar['mac']], // one of its names
    credential: codec.compact && !isAlone ? grammar[codec.header === null ? 'token' : 'jwt'] : '',
    send: grammar[sendOf(portal, isAlone)],
  }
  const hasPair = carrier.parameters.length === 2 && codec.compact && !isAlone
  const all = hasPair ? { ...steps, credential: '' } : steps
  const entries = Object.entries(all).map(([step, line]) => [step, filled(line, own)])
  return Object.fromEntries(entries) as Record<Step, string> // of the same names
}

/** What the last line makes. */
function sendOf({ scheme: { codec, carrier } }: Portal, isAlone: boolean) {
  if (!codec.compact) return 'reply'
  if (isAlone) return 'identified'
  if (carrier.output === 'page') return 'value'
  if (carrier.output === 'form') return 'fields'
  if (carrier.parameters.length === 2) return 'pair'
  return carrier.write('+/=.').query?.includes('%') ? 'encodedLink' : 'link'
}

type Member = {
  readonly claim: string
  /** The claim as a property of an object in JavaScript. */
  readonly property: string
  readonly value: string
  /** For `printf`. */
  readonly format: string
}

/** The user's usual properties and whatever else is required, then the claims about the credential. */
function membersOf(portal: Portal, grammar: Grammar): readonly Member[] {
  const { codec, address, limits } = portal.scheme
  const life = Math.min(address.expiresIn, limits.maxLifetime)
  return claimFields(portal).flatMap(({ claim, role, property, field }): Member[] => {
    const name = /^\w+$/.test(claim) ? claim : `'${claim}'`
    const text = (value: string): Member[] => [{ claim, property: name, value, format: '"%s"' }]
    if (role === 'nonce') return text(grammar.nonce)
    if (role === 'audience')
      return text(filled(grammar.constant, { text: portal.audience ?? 'your-id' }))
    if (role === 'fixed') return text(filled(grammar.constant, { text: property }))
    if (role === 'time') {
      const isBeside = !codec.compact && property === 'issuedAt'
      if (isBeside || (property !== 'expiresAt' && !isRequired(field))) return []
      const lifetime = String(life * (unitOf(field) === 'seconds' ? 1 : 1000))
      const value = property === 'expiresAt' ? filled(grammar.later, { lifetime }) : grammar.now
      return [{ claim, property: name, value, format: '%s' }]
    }
    const isUsual = ['id', 'email', 'name'].includes(property)
    return isUsual || isRequired(field) ? text(filled(grammar.user, { name: property })) : []
  })
}
