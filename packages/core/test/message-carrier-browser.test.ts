import { inForm, inReplyParameter, type RejectionCode } from '@countersign/core'
import { expectRejection, refusal } from './support/errors'
import { view } from './support/request'
import { inField, inHeader } from './support/schemes'

const inFields = inForm({ names: inField, members: ['email', 'name', 'avatar'] })
const inReply = inReplyParameter('data', inHeader)

const FORM = ['content-type', 'application/x-www-form-urlencoded'] as const
const PARTS = '_workspaceId=demo&_timestamp=1&_signature=ab'
const REPLY = {
  url: 'https://message.example/login',
  headers: { 'x-workspace-id': 'demo', 'x-timestamp': '1', 'x-signature': 'ab' },
  body: '{"email":"a@b"}',
  expiresAt: 1,
}

const form = async (body: string | Uint8Array, type: readonly [string, string] = FORM) =>
  inFields.read(view({ method: 'POST', headers: [type], body: Buffer.from(body as string) })) // both overloads copy
const data = async (query: string) => inReply.read(view({ query }))
const reply = (value: unknown) => {
  const bytes = Buffer.from(typeof value === 'string' ? value : JSON.stringify(value))
  return data(`data=${encodeURIComponent(bytes.toString('base64'))}`)
}

async function expectCode(work: Promise<unknown>, code: RejectionCode): Promise<void> {
  expectRejection(await refusal(work), code)
}

describe('a message in a form', () => {
  it('is written again as it was signed: in its own order, escaped as JSON', async () => {
    const found = await form(`${PARTS}&name=A%22+b%0A&email=a%40b`)
    expect(String(found?.sent.body)).toBe('{"email":"a@b","name":"A\\" b\\n"}')
    expect(found).toMatchObject({
      place: 'form _signature',
      sent: { tenant: 'demo', timestamp: '1', signature: 'ab' },
    })
  })

  it('may have nothing in it', async () => {
    expect(String((await form(PARTS))?.sent.body)).toBe('{}')
  })

  it('is not there in another form, or in what is no form', async () => {
    expect(await form('email=a%40b&name=Ada')).toBeUndefined()
    expect(await form('')).toBeUndefined()
    expect(await form(PARTS, ['content-type', 'application/json'])).toBeUndefined()
    expect(
      await form(PARTS, ['content-type', 'application/x-www-form-urlencodedx']),
    ).toBeUndefined()
    expect(await form(PARTS, ['x-other', 'y'])).toBeUndefined()
  })

  it('does not touch the body of what is no form', async () => {
    const body = jest.fn(() => Buffer.from(PARTS))
    await inFields.read(view({ method: 'POST', headers: [['content-type', 'text/plain']], body }))
    expect(body).not.toHaveBeenCalled()
  })

  it('knows a form by its type, however that is written', async () => {
    const type = ' Application/X-WWW-Form-Urlencoded ; charset=UTF-8'
    expect(await form(PARTS, ['content-type', type])).toBeDefined()
  })

  it.each([
    ['no workspace', '_timestamp=1&_signature=ab', 'credential_missing'],
    ['an empty signature', '_workspaceId=demo&_timestamp=1&_signature=', 'credential_missing'],
    ['a part twice', `${PARTS}&_signature=cd`, 'credential_ambiguous'],
    ['a part as a list', `${PARTS}&_signature[]=cd`, 'credential_ambiguous'],
    ['a member twice', `${PARTS}&name=a&name=b`, 'credential_ambiguous'],
    ['a field that was not signed', `${PARTS}&role=admin`, 'token_malformed'],
    ['what is no percent-encoding', `${PARTS}&name=%zz`, 'token_malformed'],
  ] as const)('is refused with %s', async (_, body, code) => {
    await expectCode(form(body), code)
  })

  it('is malformed where its bytes are not UTF-8, and still there', async () => {
    const sent = (text: string) => {
      const body = Buffer.concat([Buffer.from(text), Buffer.from([0xff])])
      return form(body)
    }
    await expectCode(sent(`${PARTS}&name=`), 'token_malformed')
    expect(await sent('name=')).toBeUndefined()
  })

  it('is never where we write', () => {
    const sent = { tenant: '', timestamp: '', signature: '', body: Buffer.alloc(0) }
    expect([inFields.write(sent), inReply.write(sent)]).toEqual([{}, {}])
  })
})

describe('a message in a query parameter', () => {
  it('is the reply of a sign endpoint, of which only what is signed counts', async () => {
    const found = {
      place: '?data',
      sent: { tenant: 'demo', timestamp: '1', signature: 'ab', body: Buffer.from(REPLY.body) },
    }
    expect(await reply(REPLY)).toEqual(found)
    expect(await reply({ headers: REPLY.headers, body: REPLY.body })).toEqual(found)
    expect(await reply({ ...REPLY, url: 'javascript:x', expiresAt: 'never' })).toEqual(found)
    expect(await inReply.read(view())).toBeUndefined()
  })

  it('may be written by `btoa`, which makes one byte of a character up to U+00FF', async () => {
    const text = JSON.stringify({ ...REPLY, body: '{"name":"Zoë"}' })
    const found = await data(`data=${encodeURIComponent(btoa(text))}`)
    expect(String(found?.sent.body)).toBe('{"name":"Zoë"}')
  })

  it.each([
    ['no JSON', 'nothing'],
    ['a list', [REPLY]],
    ['a member that nobody sends', { ...REPLY, token: 'x' }],
    ['no headers', { ...REPLY, headers: undefined }],
    ['headers that are null', { ...REPLY, headers: null }],
    ['headers that are text', { ...REPLY, headers: 'x' }],
    ['a header that nobody sends', { ...REPLY, headers: { ...REPLY.headers, cookie: 'x' } }],
    ['a header that is a number', { ...REPLY, headers: { ...REPLY.headers, 'x-timestamp': 1 } }],
    ['a header that is not there', { ...REPLY, headers: { 'x-timestamp': '1' } }],
    ['no body', { ...REPLY, body: undefined }],
    ['a body that is an object', { ...REPLY, body: { email: 'a@b' } }],
    ['a member twice', '{"body":"{}","body":"{}","headers":{}}'],
  ])('is malformed with %s', async (_, value) => {
    await expectCode(reply(value), 'token_malformed')
  })

  it('lacks a part with an empty header', async () => {
    const headers = { ...REPLY.headers, 'x-signature': '' }
    await expectCode(reply({ ...REPLY, headers }), 'credential_missing')
  })

  it.each(['e30', '!!!!', 'e30=\n', encodeURIComponent('-_-_')])(
    'is malformed in another base64: %p',
    async (sent) => {
      await expectCode(data(`data=${sent}`), 'token_malformed')
    },
  )
})
