import { createSecretKey, generateKeyPairSync } from 'node:crypto'
import { hex, type Key, type SecretSource } from '@countersign/core'
import { resultOf, thrown } from '../support/errors'
import { catchWarnings, inProduction } from '../support/process'
import { link } from '../support/schemes'
import { CURRENT, PREVIOUS } from '../support/secrets'

afterEach(() => {
  jest.restoreAllMocks()
})

const keysOf = (secret: unknown) => link({ secret: secret as SecretSource }).keys.known ?? [] // often wrong on purpose
const reasonFor = (secret: unknown) => {
  const result = resultOf(() => keysOf(secret))
  return typeof result === 'string' ? result : 'accepted'
}

/** Text is a secret in three forms. */
const formsOf = (secret: unknown) =>
  typeof secret === 'string'
    ? [secret, Buffer.from(secret), createSecretKey(Buffer.from(secret))]
    : [secret]

const JWK = '{"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ"}'
const spacedJwk = JWK.replace(':', ' :\n').replaceAll(',', ',\n')
const { privateKey } = generateKeyPairSync('ed25519')
const PEM = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString().trim()
const C = CURRENT
const x = (length: number) => 'x'.repeat(length)

describe('the secret of a portal', () => {
  it.each<readonly [string, readonly unknown[]]>([
    ['secret_missing', [undefined, null]],
    ['secret_type', [false, 0, 7, 1n, {}, privateKey]],
    ['secret_empty', ['', new Uint8Array(0)]],
    ['secret_whitespace', [' '.repeat(40), `${C}\n`, `${C}\r\n`, `${C} `, `\t${C}`, `${C}\u00a0`]],
    ['secret_whitespace', [`${C}\0`, 'schlüssel-für-die-prüfung-äöü\n']],
    ['secret_quoted', [`"${C}"`, `'${C}'`, `\`${C}\``, `<${C}>`, `\${${C}}`, '""', '<a>', '${A}']],
    ['secret_looks_like_key_file', [PEM, `# key\n${PEM}`, JWK, spacedJwk, `{"keys": [${JWK}]}`]],
    ['secret_wrong_kind', [`pk_${C}`, `Bearer ${C}`]],
    ['secret_too_short', [x(15), 'undefined', 'null', 'changeme', 'é'.repeat(7)]],
  ])('is refused as %s wherever it is given', (reason, secrets) => {
    for (const secret of secrets) {
      for (const form of formsOf(secret)) {
        const places = [form, [CURRENT, form], { id: 'k1', value: form }]
        expect([secret, ...places.map(reasonFor)]).toEqual([secret, reason, reason, reason])
      }
    }
  })

  it('that is missing leads to the test kit, too', () => {
    expect(() => link({ secret: undefined })).toThrow('testSecret() of @countersign/testing')
  })

  it.each([
    ['is an empty list', [], 'secret_empty'],
    ['is a list of nine', Array<string>(9).fill(C), 'too_many_secrets'],
    ['contains a list', { id: 'k', value: [C] }, 'secret_type'],
    ['has no id', { value: C }, 'option_invalid'],
    ['has an empty id', { id: '', value: C }, 'option_invalid'],
    ['has a number as its id', { id: 1, value: C }, 'option_invalid'],
    ['has text as `notAfter`', { id: 'k', value: C, notAfter: '2026-01-01' }, 'option_invalid'],
    ['has an invalid `notAfter`', { id: 'k', value: C, notAfter: new Date(NaN) }, 'option_invalid'],
    ['misspells `notAfter`', { id: 'k', value: C, notafter: new Date(0) }, 'option_unknown'],
    ['misspells `value`', { id: 'k', vlaue: C }, 'option_unknown'],
    ['has null as `notAfter`', { id: 'k', value: C, notAfter: null }, 'option_invalid'],
  ])('is refused where it %s', (_, secret, reason) => {
    expect(reasonFor(secret)).toBe(reason)
  })

  it('may be text, bytes or a KeyObject', () => {
    const bytes = Buffer.from(CURRENT)
    const keys = keysOf([CURRENT, bytes, new Uint8Array(bytes), createSecretKey(bytes)])
    expect(keys.map((key) => key.equals(keys[0] as typeof key))).toEqual([true, true, true, true])
  })

  it('may be a list of up to eight, in order, with ids and ends', () => {
    const notAfter = new Date(1_760_000_000_000)
    const named = [
      { id: 'new', value: C },
      { id: 'old', value: PREVIOUS, notAfter },
    ]
    const keys = keysOf([...named, ...Array<string>(6).fill(`${C}-3`)])
    const details = keys.map(({ id, notAfter: end }) => [id, end])
    expect(details.slice(0, 3)).toEqual([
      ['new', Infinity],
      ['old', notAfter.getTime()],
      [null, Infinity],
    ])
    expect([details.length, keys[1]?.equals(keysOf(PREVIOUS)[0] as Key)]).toEqual([8, true])
  })

  it('may be random bytes that end in a line break, but are not text', () => {
    expect(reasonFor(Buffer.concat([Buffer.alloc(31, 0xff), Buffer.from('\n')]))).toBe('accepted')
  })

  it('is copied, with its list, when the portal is made', () => {
    const bytes = Buffer.from(CURRENT)
    const list = [bytes]
    const { known } = link({ secret: list }).keys
    expect(String(bytes)).toBe(C)
    list.push(Buffer.from(PREVIOUS))
    bytes.fill(0)
    const signature = keysOf(C)[0]?.sign(['a'], hex)
    expect(known?.map((key) => key.sign(['a'], hex))).toEqual([signature])
  })

  it('is wiped from the memory in which it was checked', () => {
    const secret = createSecretKey(Buffer.from(C))
    const exported = jest.spyOn(secret, 'export')
    keysOf(secret)
    expect(exported.mock.results[0]?.value).toEqual(Buffer.alloc(C.length))
  })

  it('is never part of an error, and the portal always is', () => {
    for (const secret of [undefined, `${C}\n`, `"${C}"`, `-----BEGIN ${C}`, { id: C, value: 7 }]) {
      const { message } = thrown(() => keysOf(secret)) as Error
      expect(message).toMatch(/^The secret of featkit\(\) .*\. Pass .*\.$/)
      expect(message).not.toContain(C)
      expect(message.includes('environment variable')).toBe(secret === undefined)
    }
  })
})

describe('a weak secret', () => {
  const placeholders = ['your-workspace-secret', 'YOUR_SIGNING_SECRET', 'my-super-secret-key']
  const others = ['change-me-change-me', 'replace-me-with-a-secret', 'example-secret-of-acme']
  const tests = ['countersign-test-secret-acme-0123456789', 'countersign-test-secret']
  const short = [x(16), x(31), 'é'.repeat(8)]

  it.each<readonly [readonly string[], string, readonly string[]]>([
    [[...placeholders, ...others], 'secret_placeholder', ['COUNTERSIGN_PLACEHOLDER_SECRET']],
    [tests, 'secret_for_tests', []],
    [short, 'accepted', ['COUNTERSIGN_SHORT_SECRET']],
    [[x(32)], 'accepted', []],
  ])('has a result in production, and warnings elsewhere: %j', (secrets, result, codes) => {
    for (const secret of secrets) {
      const warnings = catchWarnings()
      expect([secret, reasonFor(secret)]).toEqual([secret, 'accepted'])
      expect([secret, warnings.codes()]).toEqual([secret, codes])
      expect(warnings.texts().join()).not.toContain(secret)
      expect([secret, inProduction(() => reasonFor([CURRENT, secret]))]).toEqual([secret, result])
      jest.restoreAllMocks()
    }
  })

  it('is reported once per portal, by the name of the portal', () => {
    const warnings = catchWarnings()
    keysOf([x(16), x(17), 'your-workspace-secret', 'your-other-secret'])
    expect(warnings.codes()).toEqual(['COUNTERSIGN_SHORT_SECRET', 'COUNTERSIGN_PLACEHOLDER_SECRET'])
    expect(warnings.texts().every((text) => text.includes('featkit()'))).toBe(true)
    keysOf(x(16))
    expect(warnings.codes()).toHaveLength(3)
  })
})
