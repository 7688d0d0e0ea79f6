import type { Portal } from '@countersign/core'
import type { Facts } from '../causes'
import { accepts, formatOf, unitOf, type ClaimField, type Format } from '../format'
import { GRAMMARS, inEach, type Grammar, type Language } from './languages'

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

/** `trimmed secret`: for a secret with white space around it. */
export type Step = (typeof STEPS)[number] | 'trimmed secret'

/** A line for each step. A step that a format does not have is empty. */
export type Lines = Readonly<Record<Step, string>>

/** The lines that sign for this portal, in every language. */
export function linesFor(portal: Portal): Readonly<Record<Language, Lines>> {
  return inEach((language) => linesOf(portal, writer(GRAMMARS[language])))
}

/** A whole program that signs for this portal, in every language. */
export function programsFor(portal: Portal): Readonly<Record<Language, string>> {
  const lines = linesFor(portal)
  return inEach((language) => {
    const steps = STEPS.map((step) => lines[language][step])
    return `${joined([GRAMMARS[language]['head'] ?? '', ...steps])}\n`
  })
}

/** Each line once. */
export function joined(lines: readonly string[]): string {
  return [...new Set(lines)].filter((line) => line !== '').join('\n')
}

type Writer = ReturnType<typeof writer>

/** Writes parts of lines in one language. In a text, `$token` is a variable, `$%token` percent-encodes it. */
function writer(grammar: Grammar) {
  const write = (row: string, facts: Facts = {}): string =>
    (grammar[row] ?? '').replaceAll(/«(\w+)»/g, (_, name: string) => facts[name] ?? '')
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
  const list = (row: string, members: Facts): readonly string[] =>
    Object.entries(members).map(([claim, value]) => {
      const property = /^\w+$/.test(claim) ? claim : `'${claim}'`
      return write(row, { claim, property, value })
    })
  const dictionary = (members: Facts): string =>
    write('dictionary', { members: list('member', members).join(', ') })
  const assign = (name: string, value: string): string =>
    write('assignment', { name: named(name), value })
  return { write, code, text, list, dictionary, assign, isShell: !('dictionary' in grammar) }
}

function linesOf(portal: Portal, writing: Writer): Lines {
  const { name, codec, secretSpelling, claims } = portal.scheme
  const format = formatOf(portal, tenantOf(portal))
  const { encoding, content } = format
  const { write, text, assign } = writing
  const variable = `${kebab(name).replaceAll(/\W/g, '_').toUpperCase()}_SECRET`
  const environment = write('environment', { variable })
  const secret = (value: string): string =>
    assign('secret', secretSpelling ? write('unhex', { value }) : value)
  const time = claims.issuedAt ?? claims.expiresAt
  const key = write(secretSpelling ? 'hexKey' : 'key')
  const spelling = codec.signature.name
  const mac =
    spelling === 'hex'
      ? write('hexMac', { key })
      : write(spelling, { bytes: write('mac', { key }) })
  const signed = content === 'identifier' ? 'identifier' : 'payload'
  const input = {
    'payload text': `$${signed}`,
    'payload bytes': '$json',
    'header and payload text': `${format.header}.$payload`,
    'timestamp and body': '$now.$json',
  }[codec.signs]
  const encoded = encoding && write(encoding.name, { bytes: write('bytes') })
  const isInOne = codec.compact && parametersOf(portal).length === 1
  return {
    secret: secret(environment),
    'trimmed secret': secret(write('trimmed', { value: environment })),
    time: time ? assign('now', write(unitOf(time))) : '',
    ...payloadLines(portal, format, writing),
    payload: encoded ? assign('payload', encoded) : '',
    input: assign('input', text(input)),
    signature: assign('signature', mac),
    credential: isInOne
      ? assign('token', text(`$${codec.header === null ? signed : 'input'}.$signature`))
      : '',
    send: sendLine(portal, format, writing),
  }
}

function kebab(name: string): string {
  return name.replaceAll(/(?<=[a-z])[A-Z]+/g, (capitals) => `-${capitals}`).toLowerCase()
}

function tenantOf({ audience, scheme }: Portal): string {
  return audience ?? `your-${kebab(scheme.audience ?? 'id')}`
}

/** The parameters of a link or fields of a form, and the variables that they have as their values. */
function parametersOf(portal: Portal): readonly (readonly [name: string, variable: string])[] {
  const { parameters, places, output } = portal.scheme.carrier
  const [first = '', second] = parameters
  if (output === 'page' || second === undefined) {
    return [[first || (places[0]?.split(' ').at(-1) ?? ''), 'token']]
  }
  return [
    [first, 'payload'],
    [second, 'signature'],
  ]
}

/** The last line makes a link, a form, a value for a page, or the reply of a sign endpoint. */
function sendLine(
  portal: Portal,
  { content, headerNames: names }: Format,
  writing: Writer,
): string {
  const { write, code, text, assign, list, dictionary, isShell } = writing
  const { carrier } = portal.scheme
  const url = addressOf(portal)
  if (names) {
    const tenant = tenantOf(portal)
    const headers = {
      [names.tenant]: isShell ? tenant : text(tenant),
      [names.timestamp]: write('asText', { value: code('now') }),
      [names.signature]: code('signature'),
    }
    if (isShell) return write('reply', { url, headers: list('header', headers).join(' ') })
    const reply = { url: text(url), headers: dictionary(headers), body: code('json') }
    return assign('reply', dictionary(reply))
  }
  if (carrier.output === 'page' || content === 'identifier') {
    return isShell ? write('value') : assign('value', code('token'))
  }
  const parameters = parametersOf(portal)
  const values = Object.fromEntries(parameters.map(([name, variable]) => [name, code(variable)]))
  const kind = carrier.output === 'form' ? 'fields' : 'link'
  if (isShell) return write(kind, { url, parameters: list('parameter', values).join(' ') })
  if (kind === 'fields') return assign('fields', dictionary(values))
  const query = parameters.map(([name, variable]) => `${name}=$%${variable}`).join('&')
  return assign('url', text(`${url}${url.includes('?') ? '&' : '?'}${query}`))
}

/** Where it is sent. An id that the portal was made without is a word in its place. */
function addressOf({ scheme, ids, baseUrl }: Portal): string {
  const names = Object.entries(ids).map(([name, id]) => [name, id ?? `your-${kebab(name)}`])
  const all = Object.fromEntries(names) as Facts // of pairs
  const query = scheme.address.query?.(all)
  const server = baseUrl.replaceAll(
    /\{(\w+)\}/g,
    (_, id: string) => all[id] ?? 'your-server.example',
  )
  return server + scheme.address.path(all) + (query ? `?${query}` : '')
}

/** The dictionary with the claims, and the JSON that is made of it: one line where there is none. */
function payloadLines(
  portal: Portal,
  { content, fields }: Format,
  writing: Writer,
): Pick<Lines, 'claims' | 'json'> {
  const { write, assign, dictionary, isShell } = writing
  const members = fields.flatMap((each) => {
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
  if (role === 'audience') return text(tenantOf(portal))
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
