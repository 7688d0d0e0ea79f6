import { inHeaders, type RejectionCode } from '@countersign/core'
import { MAX_BODY } from '../src/message-carrier'
import { expectRejection, refusal } from './support/errors'
import { view, type RequestParts } from './support/request'
import { inHeader } from './support/schemes'

const carrier = inHeaders(inHeader)
const HEADERS = [
  ['x-workspace-id', 'demo'],
  ['x-timestamp', '1'],
  ['x-signature', 'ab'],
] as const

const read = async (parts: RequestParts) => carrier.read(view(parts))

async function expectCode(work: Promise<unknown>, code: RejectionCode): Promise<void> {
  expectRejection(await refusal(work), code)
}

describe('a message beside its headers', () => {
  it('is its three headers and its bytes', async () => {
    const body = Buffer.from('{"a":1}')
    expect(await read({ headers: HEADERS, body })).toEqual({
      place: 'x-signature',
      sent: { tenant: 'demo', timestamp: '1', signature: 'ab', body },
    })
  })

  it('is not there when neither moment nor signature is', async () => {
    expect(await read({})).toBeUndefined()
    expect(await read({ headers: HEADERS.slice(0, 1) })).toBeUndefined()
    const empty = [
      ['x-timestamp', ' '],
      ['x-signature', ''],
    ] as const
    expect(await read({ headers: empty })).toBeUndefined()
  })

  it.each([0, 1, 2])('lacks a part without header %d', async (missing) => {
    const body = jest.fn(() => Buffer.from('{}'))
    const headers = HEADERS.filter((_, index) => index !== missing)
    await expectCode(read({ headers, body }), 'credential_missing')
    expect(body).not.toHaveBeenCalled()
  })

  it.each([0, 1, 2])('is ambiguous with header %d twice', async (twice) => {
    const headers = [...HEADERS, HEADERS[twice] as readonly [string, string]]
    await expectCode(read({ headers }), 'credential_ambiguous')
  })

  it.each([
    ['content-encoding', 'gzip'],
    ['content-encoding', 'br, identity'],
    ['content-type', 'application/json; charset=utf-16'],
    ['content-type', 'application/json;charset="iso-8859-1"'],
  ])('is refused with %s: %s', async (name, value) => {
    await expectCode(read({ headers: [...HEADERS, [name, value]] }), 'unsupported_encoding')
  })

  it.each([
    ['content-encoding', 'identity'],
    ['content-encoding', ''],
    ['content-type', 'application/json'],
    ['content-type', 'application/json; charset=UTF-8'],
    ['content-type', 'application/json; charset="utf8"; x=y'],
  ])('is taken with %s: %s', async (name, value) => {
    expect(await read({ headers: [...HEADERS, [name, value]] })).toBeDefined()
  })

  it('has a longest body', async () => {
    const sized = (size: number) => read({ headers: HEADERS, body: Buffer.alloc(size) })
    expect(await sized(MAX_BODY)).toBeDefined()
    await expectCode(sized(MAX_BODY + 1), 'body_too_large')
    expect(MAX_BODY).toBe(16_384)
  })

  it('asks for no more than that', async () => {
    const body = jest.fn(() => Buffer.alloc(0))
    await carrier.read({ ...view({ headers: HEADERS }), body })
    expect(body.mock.calls).toEqual([[MAX_BODY]])
  })

  it('is written as headers and body', () => {
    const sent = { tenant: 'demo', timestamp: '1', signature: 'ab', body: Buffer.from('{"é":1}') }
    const headers = Object.fromEntries(HEADERS)
    expect(carrier.write(sent)).toEqual({ headers, body: '{"é":1}' })
  })
})
