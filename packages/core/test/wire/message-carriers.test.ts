import {
  inForm,
  inHeaders,
  inReplyParameter,
  type Carrier,
  type SignedMessage,
} from '@countersign/core'
import { needsBody } from '../../src/wire/carriers'
import { resultOf } from '../support/errors'
import { view, type RequestParts } from '../support/request'

const names = { tenant: 'x-workspace-id', timestamp: 'x-timestamp', signature: 'x-signature' }
const fields = { tenant: '_workspaceId', timestamp: '_timestamp', signature: '_signature' }
const headers = inHeaders(names)
const form = inForm({ names: fields, members: ['email', 'name', 'avatar'] })
const reply = inReplyParameter('data', names)

const body = Buffer.from('{"email":"a@b"}')
const message: SignedMessage = { tenant: 'demo', timestamp: '1', signature: 'ab', body }
const HEADERS = Object.entries({
  'x-workspace-id': 'demo',
  'x-timestamp': '1',
  'x-signature': 'ab',
})
const PARTS = '_workspaceId=demo&_timestamp=1&_signature=ab'

/** What a carrier reads, with the body if it needs one. */
function read(carrier: Carrier<SignedMessage>, parts: RequestParts, bytes: Uint8Array = body) {
  return resultOf(() => {
    const reading = carrier.read(view(parts))
    return needsBody(reading) ? reading.read(bytes) : reading
  })
}

describe('a message beside its headers', () => {
  it('is its three headers and the whole body', () => {
    expect(read(headers, { headers: HEADERS })).toEqual({ place: 'x-signature', value: message })
    expect(headers.read(view({ headers: HEADERS }))).toMatchObject({ fields: null })
  })

  it('is absent without a timestamp and a signature', () => {
    const empty = HEADERS.map(([name]) => [name, ' '] as const)
    for (const sent of [[], HEADERS.slice(0, 1), empty]) {
      expect(headers.read(view({ headers: sent }))).toBeUndefined()
    }
  })

  it.each(HEADERS)('is incomplete without %s', (name) => {
    const without = HEADERS.filter(([other]) => other !== name)
    expect(read(headers, { headers: without })).toBe('credential_missing')
  })

  it('is written as headers and body', () => {
    const value = { ...message, body: Buffer.from('{"é":1}') }
    expect(headers.write(value)).toEqual({ headers: Object.fromEntries(HEADERS), body: '{"é":1}' })
  })
})

describe('a message in a form', () => {
  const type = 'application/x-www-form-urlencoded'
  const post = (text: string) =>
    read(form, { headers: [['content-type', type]] }, Buffer.from(text, 'latin1'))

  it.each([
    ['in the order of its members', '&name=Ada&email=a%40b', '{"email":"a@b","name":"Ada"}'],
    ['with escapes', '&name=A%22+b%0A', '{"name":"A\\" b\\n"}'],
    ['without members', '', '{}'],
  ])('is rebuilt as JSON: %s', (_, sent, rebuilt) => {
    const value = { ...message, body: Buffer.from(rebuilt) }
    expect(post(PARTS + sent)).toEqual({ place: 'form _signature', value })
  })

  it.each([
    ['absent from another form', 'email=a%40b&name=Ada', undefined],
    ['absent from an empty form', '', undefined],
    ['absent from a form that is not UTF-8', 'name=\xff', undefined],
    ['incomplete without a tenant', '_timestamp=1&_signature=ab', 'credential_missing'],
    ['incomplete with a signature alone', '_signature=ab', 'credential_missing'],
    ['incomplete with an empty part', PARTS.replace('demo', ''), 'credential_missing'],
    ['ambiguous with a repeated part', `${PARTS}&_signature=cd`, 'credential_ambiguous'],
    ['ambiguous with a part as a list', `${PARTS}&_signature[]=cd`, 'credential_ambiguous'],
    ['ambiguous with a repeated member', `${PARTS}&name=a&name=b`, 'credential_ambiguous'],
    ['malformed with a field that is not signed', `${PARTS}&role=admin`, 'token_malformed'],
    ['malformed with wrong percent-encoding', `${PARTS}&name=%zz`, 'token_malformed'],
    ['malformed where it is not UTF-8', `${PARTS}&name=\xff`, 'token_malformed'],
  ])('is %s', (_, sent, result) => {
    expect(post(sent)).toBe(result)
  })

  it.each([
    [type, Object.values(fields)],
    [' Application/X-WWW-Form-Urlencoded ; charset=UTF-8', Object.values(fields)],
    [`${type}x`, undefined],
    ['application/json', undefined],
    ['', undefined],
  ])('is looked for in a body of the type "%s" by the fields %j', (sentType, searched) => {
    const reading = form.read(view({ headers: [['content-type', sentType]] }))
    expect(needsBody(reading) ? reading.fields : reading).toEqual(searched)
    expect(needsBody(reading) ? reading.read(null) : undefined).toBeUndefined()
  })
})

describe('a message in a query parameter', () => {
  const sentHeaders = Object.fromEntries(HEADERS)
  const sent = { url: 'https://a/', headers: sentHeaders, body: String(body), expiresAt: 1 }
  const ask = (data: string) => read(reply, { query: `data=${encodeURIComponent(data)}` })
  const askJson = (parts: object) =>
    ask(Buffer.from(JSON.stringify({ ...sent, ...parts })).toString('base64'))

  it('is the reply of a sign endpoint', () => {
    for (const unsigned of [{}, { url: undefined, expiresAt: undefined }, { expiresAt: 'never' }]) {
      expect(askJson(unsigned)).toEqual({ place: '?data', value: message })
    }
    expect(read(reply, {})).toBeUndefined()
  })

  it('may be encoded by `btoa`, with one byte for a character up to U+00FF', () => {
    const latin1 = btoa(JSON.stringify({ ...sent, body: '{"name":"Zoë"}' }))
    expect(ask(latin1)).toMatchObject({ value: { body: Buffer.from('{"name":"Zoë"}') } })
  })

  it.each([
    ['another member', { token: 'x' }],
    ['no headers', { headers: undefined }],
    ['headers of null', { headers: null }],
    ['text for headers', { headers: 'x' }],
    ['another header', { headers: { ...sentHeaders, cookie: 'x' } }],
    ['a number for a header', { headers: { ...sentHeaders, 'x-timestamp': 1 } }],
    ['a missing header', { headers: { 'x-timestamp': '1' } }],
    ['no body', { body: undefined }],
    ['an object for a body', { body: {} }],
  ])('is malformed with %s', (_, parts) => {
    expect(askJson(parts)).toBe('token_malformed')
  })

  it('is incomplete with an empty header', () => {
    expect(askJson({ headers: { ...sentHeaders, 'x-signature': '' } })).toBe('credential_missing')
  })

  const repeated = btoa('{"body":"","body":"","headers":{}}')
  it.each(['e30', '!!!!', 'e30=\n', '-_-_', btoa('[]'), repeated])('is malformed as %j', (data) => {
    expect(ask(data)).toBe('token_malformed')
  })
})

describe('the carriers that only browsers write', () => {
  it('write the fields of a form, and nothing for the reply', () => {
    const fieldsOf = Object.fromEntries(new URLSearchParams(`${PARTS}&email=a%40b`))
    expect([form.write(message), reply.write(message)]).toEqual([{ fields: fieldsOf }, {}])
    expect([form.parameters, reply.parameters]).toEqual([[], ['data']])
  })
})
