import {
  attributes,
  attributesAsClaims,
  commaList,
  companies,
  flag,
  fullName,
  identifier,
  notProvided,
  optional,
  seconds,
  textFlag,
  textList,
  type Attributes,
  type ClaimsTable,
  type Field,
  type Maybe,
  type PortalUser,
} from '@countersign/core'
import { claimsReader, writeClaims } from '../../src/wire/claims'
import { resultOf } from '../support/errors'

const WRONG = 'claims_invalid'
const many = (length: number) => Array.from({ length }, () => 'a')
const date = new Date(0)
const MIXED = { a: 'x', b: 1, c: true, d: null }
const COMPANY = { id: '1', name: 'A', x: { y: 1 } }

// their input types differ, and some inputs are wrong on purpose
type AnyField = Field<unknown, never>

describe('a field', () => {
  it.each<readonly [string, AnyField, unknown, unknown]>([
    ['flag', flag('f'), true, true],
    ['flag', flag('f'), 1, WRONG],
    ['textFlag', textFlag('f'), 'false', false],
    ['textFlag', textFlag('f'), 'TRUE', WRONG],
    ['textList', textList('l'), ['a', 'b'], ['a', 'b']],
    ['textList', textList('l'), many(65), WRONG],
    ['textList', textList('l'), ['x'.repeat(256)], WRONG],
    ['textList', textList('l'), ['a\nb'], WRONG],
    ['commaList', commaList('l'), 'a,b', ['a', 'b']],
    ['commaList', commaList('l'), 'a,', WRONG],
    ['attributes', attributes('a'), MIXED, MIXED],
    ['attributes', attributes('a'), { a: {} }, WRONG],
    ['attributes', attributes('a'), { a: 'x'.repeat(1025) }, WRONG],
    ['attributes', attributes('a'), { 'a\nb': 1 }, WRONG],
    ['attributes', attributes('a'), { a: NaN }, WRONG],
    ['attributes', attributes('a'), date, WRONG],
    ['companies', companies('c'), [COMPANY], [COMPANY]],
    ['companies', companies('c'), [{ id: '1', name: 2 }], WRONG],
    ['companies', companies('c'), [{ id: '1', x: { y: {} } }], WRONG],
    ['companies', companies('c'), [{ id: '1', at: date }], WRONG],
    ['companies', companies('c'), many(65).map((id) => ({ id })), WRONG],
  ])('%s reads: %#', (_, field, raw, expected) => {
    expect(resultOf(() => field.read(raw))).toEqual(expected)
  })

  it('returns a frozen copy of what belongs to the application', () => {
    const own = { a: 1 }
    const list = [{ id: '1', x: own }]
    const read = companies('c').read(list)
    expect([read, read[0], read[0]?.['x']].every(Object.isFrozen)).toBe(true)
    expect([list, list[0], own].some(Object.isFrozen)).toBe(false)
  })

  it('writes no group with a comma in its name', () => {
    expect(resultOf(() => commaList('l').write(['a,b']))).toBe(WRONG)
    expect(commaList('l').write(['a', 'b'])).toBe('a,b')
  })
})

describe('a name that travels in two claims', () => {
  const name = fullName('first', 'last')
  it.each<readonly [string, object]>([
    ['Ada', { first: 'Ada' }],
    ['Ada Okafor', { first: 'Ada', last: 'Okafor' }],
    ['Ada Maria Okafor', { first: 'Ada Maria', last: 'Okafor' }],
  ])('comes back whole: %s', (text, claims) => {
    expect(name.write(text)).toEqual(claims)
    expect(name.read(claims)).toBe(text)
  })

  it('is absent where there is none', () => {
    expect([name.write(null), name.write(''), name.read({}), name.read({ last: '' })]).toEqual([
      {},
      {},
      null,
      null,
    ])
  })
})

interface User extends PortalUser {
  readonly own: Attributes | null
}

interface Input {
  readonly id: string
  readonly own?: Maybe<Attributes>
}

const table: ClaimsTable<User, Input> = {
  user: {
    id: identifier('sub'),
    email: notProvided,
    name: notProvided,
    own: attributesAsClaims('x-'),
  },
  expiresAt: optional(seconds('exp')),
  fixed: { aud: 'us' },
  unknown: 'refuse',
}

describe('claims of several fields', () => {
  const reader = claimsReader('acme', table)
  const registered = {
    issuedAt: null,
    notBefore: null,
    expiresAt: 9_000,
    audience: null,
    nonce: null,
  }
  const written = (own: Attributes) => writeClaims(table, { id: '1', own }, registered)

  it('are collected from those that no other field has', () => {
    const claims = { sub: '1', 'x-plan': 'pro', exp: 9, aud: 'us' }
    expect(written({ plan: 'pro' })).toEqual(claims)
    const user = { scheme: 'acme', id: '1', email: null, name: null, own: { plan: 'pro' } }
    expect(reader.read(claims).user).toEqual(user)
    expect(reader.read({ sub: '1', exp: 9, aud: 'us' }).user.own).toBeNull()
    const nested = { 'x-teams': ['a'], 'x-address': { city: 'Bern' } }
    expect(reader.read({ ...claims, ...nested }).user).toEqual(user)
  })

  it.each<readonly [string, object]>([
    ['an unknown claim', { sub: '1', aud: 'us', plan: 'pro' }],
    ['a prototype behind the prefix', { sub: '1', aud: 'us', 'x-__proto__': null }],
    ['no name behind the prefix', { sub: '1', aud: 'us', 'x-': 'a' }],
  ])('are refused with %s', (_, claims) => {
    expect(resultOf(() => reader.read({ ...claims }))).toBe(WRONG)
  })

  it('are read from the credential alone, not from a prototype', () => {
    const polluted = { aud: 'us', last: 'Okafor' }
    expect(resultOf(() => reader.read(Object.assign(Object.create(polluted), { sub: '1' })))).toBe(
      WRONG,
    )
    expect(fullName('first', 'last').read(Object.create(polluted))).toBeNull()
  })

  it('never take the place of a claim of its own', () => {
    const open: ClaimsTable<User, Input> = {
      ...table,
      user: { ...table.user, own: attributesAsClaims() },
    }
    for (const name of ['sub', 'exp', 'aud']) {
      const write = () => writeClaims(open, { id: '1', own: { [name]: 'x' } }, registered)
      expect(resultOf(write)).toBe('user_invalid')
    }
  })
})
