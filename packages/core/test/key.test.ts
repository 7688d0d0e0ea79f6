import { createSecretKey } from 'node:crypto'
import { inspect } from 'node:util'
import { createVerifier, Key } from '@countersign/core'
import { link } from './support/schemes'
import { CURRENT, FOREIGN } from './support/secrets'

const keyOf = (secret: string) =>
  new Key(createSecretKey(Buffer.from(secret)), { id: 'k1', notAfter: 1_000 })

describe('a key', () => {
  it('tells its name, its end and its length', () => {
    expect(keyOf(CURRENT)).toMatchObject({ id: 'k1', notAfter: 1_000, length: CURRENT.length })
  })

  it('is told from others by its bytes, whatever its name', () => {
    const twin = new Key(createSecretKey(Buffer.from(CURRENT)), { id: null, notAfter: Infinity })
    expect(keyOf(CURRENT).equals(twin)).toBe(true)
    expect(keyOf(CURRENT).equals(keyOf(FOREIGN))).toBe(false)
  })

  it('cannot be looked at, nor can what holds it', () => {
    const portal = link({ secret: [{ id: 'k1', value: CURRENT }] })
    const holders = [keyOf(CURRENT), portal, portal.keys, createVerifier(portal), link]
    const bytes = Buffer.from(CURRENT)
    const forms = [CURRENT, bytes.toString('hex'), bytes.toString('base64url'), bytes.join(', ')]
    for (const holder of holders) {
      const shown = [
        inspect(holder, { depth: 9, showHidden: true, maxArrayLength: null }),
        JSON.stringify(holder) ?? '',
        `${holder as unknown as string}`,
        Object.getOwnPropertyNames(holder).join(),
      ].join('\n')
      for (const form of forms) expect(shown.includes(form)).toBe(false)
    }
  })
})
