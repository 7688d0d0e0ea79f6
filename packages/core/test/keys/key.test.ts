import crypto, { createHmac } from 'node:crypto'
import { inspect } from 'node:util'
import { base64, base64url, createSigner, createVerifier, hex, Key } from '@countersign/core'
import { link } from '../support/schemes'
import { CURRENT, FOREIGN } from '../support/secrets'

const anonymous = { id: null, notAfter: Infinity }
const keyOf = (secret: string) => new Key(Buffer.from(secret), anonymous)

const ENCODINGS = [hex, base64, base64url]

describe('a key', () => {
  const key = keyOf(CURRENT)

  it.each(ENCODINGS)('accepts only the spelling in which it signs: $name', (encoding) => {
    const input = ['a', '.', Buffer.from('é')]
    const signature = key.sign(input, encoding)
    const verify = (text: string) => key.verify(input, text, encoding)
    const withCharacter = (at: number, character: string) =>
      signature.slice(0, at) + character + signature.slice(at + 1)
    const changed = [...signature].flatMap((character, at) => [
      withCharacter(at, String.fromCharCode(character.charCodeAt(0) + 0x100)), // has the same low byte
      withCharacter(at, String.fromCharCode(character.charCodeAt(0) ^ 1)),
      withCharacter(at, ''),
    ])
    const others = ENCODINGS.filter((other) => other !== encoding)
    const wrong = [
      ...changed,
      ...others.map((other) => key.sign(input, other)),
      ...['', signature.slice(1), ` ${signature}`, signature + signature],
      ...['=', '\0'].map((character) => signature + character),
      signature.replace(/=+$/, ''),
      signature.toUpperCase(),
      signature.toLowerCase().replace(/f/g, 'F'),
    ].filter((text) => text !== signature)
    expect(verify(signature)).toBe(true)
    for (const text of wrong) expect([text, verify(text)]).toEqual([text, false])
    expect(key.verify(['a'], signature, encoding)).toBe(false)
    expect(keyOf(FOREIGN).verify(input, signature, encoding)).toBe(false)
  })

  it('computes HMAC with other hashes, for tests of verifiers', () => {
    const mac = createHmac('sha512', CURRENT).update('ab').digest()
    expect(key.hmac('sha512', ['a', Buffer.from('b')])).toEqual(mac)
  })

  it('has a fingerprint that stays the same in every process and version', () => {
    expect(key.fingerprint).toBe('8457472ecf0a70b29b9254aa18ff9710')
    expect(keyOf(FOREIGN).fingerprint).not.toBe(key.fingerprint)
  })

  it('equals a key of the same secret, whatever its name', () => {
    const named = new Key(Buffer.from(CURRENT), { id: 'k1', notAfter: 1_000 })
    expect(named).toMatchObject({ id: 'k1', notAfter: 1_000, length: CURRENT.length })
    expect([named.equals(key), named.equals(keyOf(FOREIGN))]).toEqual([true, false])
  })

  it.each([CURRENT, `${CURRENT}${CURRENT}`])('keeps its own copy of the secret %#', (secret) => {
    const bytes = Buffer.from(secret)
    const copied = new Key(bytes, anonymous)
    const before = keyOf(secret).sign(['a'], hex)
    bytes.fill(0)
    expect([copied.sign(['a'], hex), copied.equals(keyOf(secret))]).toEqual([before, true])
    expect(copied.hmac('sha256', ['a']).toString('hex')).toBe(before)
  })

  it('shows nothing of the secret, and neither does what holds it', () => {
    key.sign(['x'.repeat(2_000)], hex)
    const portal = link({ secret: { id: 'k1', value: CURRENT }, slug: 'acme' })
    const holders = [key, portal, portal.keys, createVerifier(portal), createSigner(portal)]
    const bytes = Buffer.from(CURRENT)
    const pads = [0x36, 0x5c].map((pad) => bytes.map((byte) => byte ^ pad))
    for (const holder of holders) {
      const shown = [
        inspect(holder, { depth: 9, showHidden: true, getters: true, maxArrayLength: null }),
        JSON.stringify(holder),
        JSON.stringify(Object.assign({}, holder)),
        Reflect.ownKeys(holder).map(String).join(),
        `${holder as unknown as string}`,
      ].join('\n')
      for (const secret of [bytes, ...pads].map((each) => Buffer.from(each))) {
        const digits = secret.toString('hex')
        const spaced = digits.replace(/..(?=.)/g, '$& ')
        const texts = (['latin1', 'base64', 'base64url'] as const).map((form) =>
          secret.toString(form),
        )
        const forms = [...texts, digits, spaced, secret.join(', '), secret.join()]
        for (const form of forms) expect(shown).not.toContain(form)
      }
    }
    expect(Reflect.ownKeys(key)).toEqual(['id', 'notAfter', 'length'])
  })
})

describe('a key in another runtime', () => {
  /** Loads the key's module with some functions of `node:crypto` replaced. */
  function keyWith(replaced: object): Key {
    let loaded: typeof import('../../src/keys/key') | undefined
    jest.isolateModules(() => {
      jest.doMock('node:crypto', () => ({ ...crypto, ...replaced }))
      loaded = jest.requireActual('../../src/keys/key')
    })
    jest.dontMock('node:crypto')
    if (!loaded) throw new Error('the module was not loaded')
    return new loaded.Key(Buffer.from(CURRENT), anonymous)
  }

  it('makes the same signatures without `crypto.hash`', () => {
    const hmac = jest.fn(createHmac)
    const signature = keyWith({ hash: undefined, createHmac: hmac }).sign(['a'], hex)
    expect(signature).toBe(keyOf(CURRENT).sign(['a'], hex))
    expect(hmac).toHaveBeenCalledTimes(1)
  })

  it('does not call `createHmac` where there is `crypto.hash`', () => {
    const hmac = jest.fn(createHmac)
    keyWith({ createHmac: hmac }).sign(['a'], hex)
    expect(hmac).not.toHaveBeenCalled()
  })

  it('compares signatures of the right length with `timingSafeEqual`', () => {
    const compare = jest.fn(crypto.timingSafeEqual)
    const key = keyWith({ timingSafeEqual: compare })
    for (const signature of [key.sign(['a'], hex), '0'.repeat(64)])
      key.verify(['a'], signature, hex)
    expect(compare).toHaveBeenCalledTimes(2)
    key.verify(['a'], '0'.repeat(63), hex)
    expect(compare).toHaveBeenCalledTimes(2)
  })
})
