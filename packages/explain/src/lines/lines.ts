import type { Portal } from '@countersign/core'
import {
  accepts,
  claimFields,
  headerOf,
  messageNames,
  payloadFormat,
  unitOf,
  type ClaimField,
} from '../format'
import { GRAMMARS, type Grammar, type Language } from './languages'

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

/** `trimmed secret`: for a secret with white space; `tenant`: where the id of the tenant is written. */
export type Step = (typeof STEPS)[number] | 'trimmed secret' | 'tenant'

/** A line for each step. A step that a format does not have is empty. */
export type Lines = Readonly<Record<Step, string>>

/** The lines that sign for this portal, in every language. */
export function linesFor(portal: Portal): Readonly<Record<Language, Lines>> {
  const facts = factsOf(portal)
  const entries = Object.entries(GRAMMARS).map(([language, grammar]) => [
    language,
    linesOf(portal, writer(grammar, facts)),
  ])
  return Object.fromEntries(entries) as Record<Language, Lines> // of the same names
}

/** A whole program that signs for this portal, in every language. */
export function programsFor(portal: Portal): Readonly<Record<Language, string>> {
  const entries = Object.entries(linesFor(portal)).map(([language, lines]) => {
    const head = GRAMMARS[language as Language]['head'] ?? '' // of the same names
    return [language, `${joined([head, ...STEPS.map((step) => lines[step])])}\n`]
  })
  return Object.fromEntries(entries) as Record<Language, string> // of the same names
}

/** Each line once. */
export function joined(lines: readonly string[]): string {
  return [...new Set(lines)].filter((line) => line !== '').join('\n')
}

type Facts = Readonly<Record<string, string>>

/** What the lines say about a portal. */
function factsOf({ scheme, ids, baseUrl, audience }: Portal) {
  const { carrier, address, codec } = scheme
  const names = Object.entries(ids).map(([name, id]) => [name, id ?? `your-${kebab(name)}`])
  const all = Object.fromEntries(names) as Facts // of pairs
  const query = address.query?.(all) ?? ''
  const tenant = audience ?? `your-${kebab(scheme.audience ?? 'id')}`
  const headers = messageNames({ scheme })?.headers
  const server = baseUrl.replaceAll(
    /\{(\w+)\}/g,
    (_, id: string) => all[id] ?? 'your-server.example',
  )
  return {
    variable: `${kebab(scheme.name).replaceAll(/\W/g, '_').toUpperCase()}_SECRET`,
    url: server + address.path(all),
    query: query && `&${query}`,
    firstQuery: query && `?${query}`,
    first: carrier.parameters[0] ?? '',
    parameter: carrier.parameters.at(-1) ?? carrier.places[0]?.split(' ').at(-1) ?? '',
    tenant,
    header: headerOf(codec, tenant) ?? '',
    tenantHeader: headers?.tenant ?? '',
    timeHeader: headers?.timestamp ?? '',
    signatureHeader: headers?.signature ?? '',
  }
}

function kebab(name: string): string {
  return name.replaceAll(/(?<=[a-z])[A-Z]+/g, (capitals) => `-${capitals}`).toLowerCase()
}

type Writer = ReturnType<typeof writer>

/** Writes parts of lines in one language. In a text, `$token` is a variable, `$%token` percent-encodes it. */
function writer(grammar: Grammar, facts: ReturnType<typeof factsOf>) {
  const all: Facts = facts
  const write = (row: string, more: Facts = {}): string =>
    (grammar[row] ?? '').replaceAll(/«(\w+)»/g, (_, name: string) => more[name] ?? all[name] ?? '')
  const named = (name: string): string => grammar[`name of ${name}`] ?? name
  const code = (name: string): string => write('variable', { name: named(name) })
  const [open, before, after, close] = (grammar['text'] ?? '').split('|')
  const valueOf = (name: string): string =>
    name.startsWith('$%')
      ? write('percentEncoded', { value: code(name.slice(2)) })
      : code(name.slice(1))
  const text = (template: string): string => {
    const parts = template.split(/(\$%?\w+)/)
    if (parts.length === 1) return `'${template}'`
    if (/^\$%?\w+$/.test(template)) return valueOf(template)
    const written = parts.map((part) => {
      return part.startsWith('$') ? before + valueOf(part) + after : part
    })
    return (open + written.join('') + close).replaceAll(/'' \. | \. ''/g, '') // PHP joins with dots
  }
  const dictionary = (members: Facts): string => {
    const all = Object.entries(members).map(([claim, value]) => {
      const property = /^\w+$/.test(claim) ? claim : `'${claim}'`
      return write('member', { claim, property, value })
    })
    return write('dictionary', { members: all.join(', ') })
  }
  const assign = (name: string, value: string): string =>
    write('assignment', { name: named(name), value })
  return { facts, write, code, text, dictionary, assign, isShell: !('dictionary' in grammar) }
}

function linesOf(portal: Portal, writing: Writer): Lines {
  const { codec, secretSpelling, claims } = portal.scheme
  const { encoding, content } = payloadFormat(portal)
  const isIdentifier = content === 'identifier'
  const { facts, write, text, assign } = writing
  const secret = (value: string): string =>
    assign('secret', secretSpelling ? write('unhex', { value }) : value)
  const time = claims.issuedAt ?? claims.expiresAt
  const kind = kindOf(portal)
  const key = write(secretSpelling ? 'hexKey' : 'key')
  const name = codec.signature.name
  const mac =
    name === 'hex' ? write('hexMac', { key }) : write(name, { bytes: write('mac', { key }) })
  const input = {
    'payload text': isIdentifier ? '$identifier' : '$payload',
    'payload bytes': '$json',
    'header and payload text': `${facts.header}.$payload`,
    'timestamp and body': '$now.$json',
  }[codec.signs]
  const signed = isIdentifier ? 'identifier' : codec.header === null ? 'payload' : 'input'
  const hasToken = kind !== 'reply' && kind !== 'pair'
  const encoded = encoding && write(encoding.name, { bytes: write('bytes') })
  const lines = {
    secret: secret(write('environment')),
    'trimmed secret': secret(write('trimmed', { value: write('environment') })),
    time: time ? assign('now', write(unitOf(time))) : '',
    ...payloadLines(portal, writing),
    payload: encoded ? assign('payload', encoded) : '',
    input: assign('input', text(input)),
    signature: assign('signature', mac),
    credential: hasToken ? assign('token', text(`$${signed}.$signature`)) : '',
    send: writing.isShell ? write(kind) : sendLine(kind, writing),
  }
  return { ...lines, tenant: typeof codec.header === 'function' ? lines.input : lines.send }
}

type Kind = 'reply' | 'value' | 'fields' | 'pair' | 'encodedLink' | 'link'

/** What the last line makes. */
function kindOf(portal: Portal): Kind {
  const { codec, carrier } = portal.scheme
  if (!codec.compact) return 'reply'
  if (carrier.output === 'page' || payloadFormat(portal).content === 'identifier') return 'value'
  if (carrier.output === 'form') return 'fields'
  if (carrier.parameters.length === 2) return 'pair'
  return carrier.write('+/=.').query?.includes('%') ? 'encodedLink' : 'link'
}

function sendLine(kind: Kind, { facts, write, code, text, assign, dictionary }: Writer): string {
  const { url, first, parameter, query } = facts
  const headers = {
    [facts.tenantHeader]: text(facts.tenant),
    [facts.timeHeader]: write('asText', { value: code('now') }),
    [facts.signatureHeader]: code('signature'),
  }
  const reply = { url: text(url), headers: dictionary(headers), body: code('json') }
  return {
    link: assign('url', text(`${url}?${first}=$token${query}`)),
    encodedLink: assign('url', text(`${url}?${first}=$%token${query}`)),
    pair: assign('url', text(`${url}?${first}=$%payload&${parameter}=$signature${query}`)),
    value: assign('value', code('token')),
    fields: assign('fields', dictionary({ [parameter]: code('token') })),
    reply: assign('reply', dictionary(reply)),
  }[kind]
}

/** The dictionary with the claims, and the JSON that is made of it: one line where there is none. */
function payloadLines(portal: Portal, writing: Writer): Pick<Lines, 'claims' | 'json'> {
  const { write, assign, dictionary, isShell } = writing
  const { content } = payloadFormat(portal)
  const members = claimFields(portal).flatMap((each) => {
    const value = valueOf(each, portal, writing)
    return value === null ? [] : [{ ...each, value }]
  })
  if (content === 'identifier') {
    const json = assign('identifier', write('asText', { value: members[0]?.value ?? '' }))
    return { claims: json, json }
  }
  const formats = members.map(({ claim, role }) => {
    return write('member', { claim, format: role === 'time' ? '%s' : '"%s"' })
  })
  const printed = {
    members: formats.join(','),
    values: members.map(({ value }) => value).join(' '),
    pairs: members.map(({ claim }) => `${claim}=%s`).join('&'),
  }
  const json = assign('json', write(content, printed))
  const pairs = members.map(({ claim, value }) => [claim, value])
  const claims = assign('claims', dictionary(Object.fromEntries(pairs) as Facts)) // of pairs
  return { claims: isShell ? json : claims, json }
}

/** `null` for a claim that a first program leaves out: it is optional and not one of the usual ones. */
function valueOf(each: ClaimField, portal: Portal, { write, text, code }: Writer): string | null {
  const { role, property, field } = each
  const { codec, address, limits } = portal.scheme
  if (role === 'nonce') return write('nonce')
  if (role === 'audience') return text(portal.audience ?? 'your-id')
  if (role === 'fixed') return text(property)
  if (role !== 'time') {
    const isUsual = ['id', 'email', 'name'].includes(property) || !accepts({ field }, undefined)
    return isUsual ? write('user', { name: property }) : null
  }
  if (property === 'expiresAt') {
    const life = Math.min(address.expiresIn, limits.maxLifetime)
    return write('later', { lifetime: String(life * (unitOf(field) === 'seconds' ? 1 : 1000)) })
  }
  const isBeside = !codec.compact && property === 'issuedAt'
  return isBeside || accepts({ field }, undefined) ? null : code('now')
}
