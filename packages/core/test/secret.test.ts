import { createSecretKey } from 'node:crypto'
import { toKeys, type SecretInput } from '../src/secret'
import { expectMisconfigured } from './support/errors'
import { CURRENT, PREVIOUS } from './support/secrets'

const wrong = (input: unknown) => input as SecretInput // wrong on purpose

describe('secrets made into keys', () => {
  it('come as text, bytes or a KeyObject, and are the same', () => {
    const forms = [CURRENT, Buffer.from(CURRENT), new Uint8Array(Buffer.from(CURRENT))]
    const keys = toKeys([...forms, createSecretKey(Buffer.from(CURRENT))])
    expect(keys).toHaveLength(4)
    for (const key of keys) expect(key.equals(keys[0] as typeof key)).toBe(true)
  })

  it('keep their order, their names and their ends', () => {
    const notAfter = new Date(1_760_000_000_000)
    const keys = toKeys([
      { id: 'new', value: CURRENT },
      { id: 'old', value: PREVIOUS, notAfter },
      { id: 'same', value: PREVIOUS, notAfter: undefined },
      `${CURRENT}-4`,
    ])
    expect(keys.map(({ id, notAfter: end }) => [id, end])).toEqual([
      ['new', Infinity],
      ['old', notAfter.getTime()],
      ['same', Infinity],
      [null, Infinity],
    ])
  })

  it('take a single one for a list of one', () => {
    expect(toKeys({ id: 'k', value: CURRENT })).toHaveLength(1)
    expect(toKeys(CURRENT)).toHaveLength(1)
  })

  it('are eight at the most', () => {
    expect(toKeys(Array<string>(8).fill(CURRENT))).toHaveLength(8)
    expectMisconfigured(() => toKeys(Array<string>(9).fill(CURRENT)), 'too_many_secrets')
  })

  it.each([
    ['no name', { value: CURRENT }],
    ['an empty name', { id: '', value: CURRENT }],
    ['a number for a name', { id: 1, value: CURRENT }],
    ['a text for an end', { id: 'k', value: CURRENT, notAfter: '2026-01-01' }],
    ['a number for an end', { id: 'k', value: CURRENT, notAfter: 1_760_000_000_000 }],
    ['an end that is no date', { id: 'k', value: CURRENT, notAfter: new Date(NaN) }],
    ['null for an end', { id: 'k', value: CURRENT, notAfter: null }],
    ['a list within', { id: 'k', value: [CURRENT] }],
  ])('refuse %s', (_, input) => {
    expectMisconfigured(() => toKeys(wrong(input)), 'secret_type')
  })

  it.each(['countersign-test-secret-acme-0123456789', 'countersign-test-secret-of-somebody-else'])(
    'may be one of the test kit, though not in production: %s',
    (secret) => {
      expect(toKeys(secret)).toHaveLength(1)
      jest.replaceProperty(process, 'env', { ...process.env, NODE_ENV: 'production' })
      try {
        expectMisconfigured(() => toKeys([CURRENT, secret]), 'secret_for_tests')
      } finally {
        jest.restoreAllMocks()
      }
    },
  )

  it('never show themselves in an error', () => {
    const bad = [`${CURRENT}\n`, `-----BEGIN ${CURRENT}`, { id: CURRENT, value: 7 }]
    for (const input of bad) {
      expect(() => toKeys(wrong(input))).toThrow(/^The secret/)
      expect(() => toKeys(wrong(input))).not.toThrow(CURRENT)
    }
  })

  it('are not touched by a later change of the bytes they came from', () => {
    const bytes = Buffer.from(CURRENT)
    const [key] = toKeys(bytes)
    bytes.fill(0)
    expect(key?.equals(toKeys(CURRENT)[0] as NonNullable<typeof key>)).toBe(true)
  })
})
