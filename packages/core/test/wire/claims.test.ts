import {
  derivedFrom,
  identifier,
  millis,
  nonce,
  notProvided,
  nullable,
  optional,
  seconds,
  text,
  type ClaimsTable,
  type PortalUser,
} from '@countersign/core'
import { claimsReader, writeClaims } from '../../src/wire/claims'
import { resultOf, thrown } from '../support/errors'

interface User extends PortalUser {
  readonly plan: string | null
}

const table: ClaimsTable<User, object> = {
  user: {
    id: identifier('sub'),
    plan: optional(text('plan')),
    email: notProvided,
    name: nullable(text('name')),
  },
  expiresAt: seconds('exp'),
  issuedAt: seconds('iat'),
  notBefore: optional(seconds('nbf')),
  audience: text('aud'),
  nonce: nonce('jti'),
  unknown: 'drop',
}
const reader = claimsReader('acme', table)
const raw = { sub: 7, plan: 'pro', exp: 20, iat: 10, nbf: 15, aud: 'me', jti: 'n' }

const registered = { issuedAt: 10_000, expiresAt: 20_000, audience: 'me', nonce: 'n' }
const nothing = { issuedAt: null, notBefore: null, expiresAt: null, audience: null, nonce: null }

describe('a claims reader', () => {
  it('returns every property of the user, and times in milliseconds', () => {
    const claims = reader.read(raw)
    const user = { scheme: 'acme', id: '7', plan: 'pro', email: null, name: null }
    expect(claims).toEqual({ user, ...registered, notBefore: 15_000 })
    expect(Object.isFrozen(claims.user)).toBe(true)
  })

  it('returns null for claims that the scheme does not have', () => {
    const { user } = table
    expect(claimsReader('acme', { user, unknown: 'drop' }).read(raw)).toMatchObject(nothing)
  })

  it('says which claim is missing', () => {
    for (const claim of ['sub', 'exp', 'iat', 'aud', 'jti']) {
      const rest = Object.fromEntries(Object.entries(raw).filter(([name]) => name !== claim))
      const detail = `"${claim}" is missing`
      expect(thrown(() => reader.read(rest))).toMatchObject({ code: 'claims_invalid', detail })
    }
  })

  it('reads own members only', () => {
    const { plan: _, ...rest } = raw
    expect(reader.read(Object.assign(Object.create({ plan: 'pro' }), rest)).user.plan).toBeNull()
    const user = { id: identifier('constructor'), email: notProvided, name: notProvided }
    const inherited = claimsReader('acme', { user, unknown: 'drop' })
    expect(resultOf(() => inherited.read({}))).toBe('claims_invalid')
  })

  it('drops or rejects unknown members, as the scheme says, without naming them', () => {
    const strict = claimsReader('acme', { ...table, unknown: 'refuse' })
    expect(reader.read({ ...raw, role: 'admin' }).user).not.toHaveProperty('role')
    expect(strict.read(raw).user.id).toBe('7')
    for (const name of ['role', 'Sub', 'constructor', '']) {
      const error = thrown(() => strict.read({ ...raw, [name]: 1 }))
      expect(error).toMatchObject({
        code: 'claims_invalid',
        detail: expect.not.stringContaining('role'),
      })
    }
  })
})

describe('writing claims', () => {
  const write = (user: object) =>
    JSON.stringify(writeClaims(table, { ...user }, { ...nothing, ...registered }))

  it('follows the order of the table, the user first', () => {
    expect(write({ name: 'Ada', plan: 'pro', id: 7 })).toBe(
      '{"sub":"7","plan":"pro","name":"Ada","exp":20,"iat":10,"aud":"me","jti":"n"}',
    )
  })

  it('leaves out what is optional and absent', () => {
    expect(write({ id: 'u' })).toBe(
      '{"sub":"u","name":null,"exp":20,"iat":10,"aud":"me","jti":"n"}',
    )
  })

  it('writes a claim once that two properties read', () => {
    const shared: ClaimsTable<PortalUser, object> = {
      user: { id: derivedFrom(text('email')), email: text('email'), name: notProvided },
      issuedAt: millis('at'),
      unknown: 'refuse',
    }
    const written = writeClaims(
      shared,
      { id: 'other', email: 'a@b' },
      { ...nothing, ...registered },
    )
    expect(written).toEqual({ email: 'a@b', at: 10_000 })
  })
})
