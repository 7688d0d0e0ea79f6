import { ConfigError, createGuard, Rejection, type Portal } from '@countersign/core'
import { fdback, featkit } from '@countersign/core/schemes'
import { forgeLink, forgeMessage } from '../support/forge'
import { catchingWarnings } from '../support/process'
import { now, view, type RequestParts } from '../support/request'
import { CURRENT, FOREIGN } from '../support/secrets'

catchingWarnings() // of the mistakes that are made here on purpose

const requests = fdback({ secret: CURRENT })
const FORM = ['content-type', 'application/x-www-form-urlencoded'] as const
const LATIN = [FORM[0], `${FORM[1]}; charset=iso-8859-1`] as const
const GZIP = ['content-encoding', 'gzip'] as const
const { headers, signature } = forgeMessage()

const form = (text: string): RequestParts => ({
  method: 'POST',
  headers: [FORM],
  body: Buffer.from(text),
})
const failing = (error: unknown): RequestParts => ({
  ...form(''),
  body: () => Promise.reject(error),
})
const MISSING = '401 credential_missing'
const TOO_LARGE = '413 body_too_large'
const ENCODING = '415 unsupported_encoding'
const MALFORMED = '401 token_malformed'
const UNAVAILABLE = '500 raw_body_unavailable'
const slow = new Rejection('body_timeout')
const parsed = (parsedBody: unknown): RequestParts => ({
  ...failing(new ConfigError('raw_body_unavailable', { problem: 'Parsed', fix: 'Keep it' })),
  parsedBody,
})

/** What an optional guard does with a request, and a required one. */
async function ask(parts: RequestParts, portals: Portal | readonly Portal[] = requests) {
  const answers = (['optional', 'required'] as const).map(async (mode) => {
    const decision = await createGuard(portals, { now, mode }).decide(view(parts))
    if (!decision.pass) return `${decision.error.status} ${decision.error.code}`
    return decision.verified ? 'signed' : 'anonymous'
  })
  return Promise.all(answers)
}

describe('a request without any part of a credential', () => {
  it.each<[string, RequestParts, string]>([
    ['an empty request', {}, MISSING],
    ['an ordinary form', form('name=Ada'), MISSING],
    ['a form that is too long', form('x'.repeat(16_385)), TOO_LARGE],
    ['a form that breaks off', failing(new Rejection('body_too_large')), TOO_LARGE],
    ['a form in Latin-1', { ...form('name=\xe9'), headers: [LATIN] }, ENCODING],
    ['a compressed form', { ...form('\x1f\x8b'), headers: [FORM, GZIP] }, ENCODING],
    ['a form that a parser has read', parsed({ name: 'Ada' }), MISSING],
    ['one with inherited fields', parsed(Object.create({ _signature: 'x' })), MISSING],
  ])('passes an optional guard and no other: %s', async (_, parts, required) => {
    expect(await ask(parts)).toEqual(['anonymous', required])
  })
})

describe('a request with a part of a credential, or one that cannot be read', () => {
  it.each<[string, RequestParts, string]>([
    ['headers without the workspace', { headers: headers.slice(1) }, MISSING],
    ['a form with a signature alone', form(`_signature=${signature}`), MISSING],
    ['a form with two signatures', form('_signature=a&_signature=b'), '400 credential_ambiguous'],
    ['a form of another length', form('_workspaceId=a&_timestamp=1&_signature=b'), MALFORMED],
    ['a parsed form with a signature', parsed({ _signature: '' }), UNAVAILABLE],
    ['a form that was parsed to text', parsed('name=Ada'), UNAVAILABLE],
    ['a form that a parser has read and dropped', parsed(undefined), UNAVAILABLE],
    ['a form that is too slow', failing(slow), '408 body_timeout'],
    ['the same beside a parsed body', { ...failing(slow), parsedBody: {} }, '408 body_timeout'],
    ['signed headers over a long body', { headers, body: Buffer.alloc(16_385) }, TOO_LARGE],
    ['signed headers over a parsed body', { ...parsed({}), headers }, UNAVAILABLE],
  ])('is refused by every guard: %s', async (_, parts, answer) => {
    expect(await ask(parts)).toEqual([answer, answer])
  })
})

describe('a credential elsewhere on a request with a form', () => {
  const both = [featkit({ secret: FOREIGN }), requests]
  const signed = { query: `token=${forgeLink(undefined, FOREIGN)}` }
  const forged = { query: `token=${forgeLink(undefined, CURRENT)}` }

  it.each<[string, RequestParts]>([
    ['is read', form('name=Ada')],
    ['is too long', form('x'.repeat(16_385))],
    ['is compressed', { ...form(''), headers: [FORM, GZIP] }],
    ['was read by a parser', parsed({ name: 'Ada' })],
  ])('decides where the form %s', async (_, parts) => {
    expect(await ask({ ...parts, ...signed }, both)).toEqual(['signed', 'signed'])
    const refused = (code: string) => Array(2).fill(`401 ${code}`) as string[]
    expect(await ask({ ...parts, ...forged }, both)).toEqual(refused('signature_invalid'))
    expect(await ask({ ...parts, query: 'token=%zz' }, both)).toEqual(refused('token_malformed'))
  })

  it('is ambiguous where the form has one, too', async () => {
    const parts = { ...form(`_workspaceId=demo&_timestamp=1&_signature=${signature}`), ...signed }
    const ambiguous = '400 credential_ambiguous'
    expect(await ask(parts, both)).toEqual([ambiguous, ambiguous])
  })
})
