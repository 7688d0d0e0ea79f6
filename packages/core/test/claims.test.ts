import {
  absent,
  identifier,
  millis,
  nonce,
  nullable,
  optional,
  sameAs,
  seconds,
  text,
  type ClaimsTable,
  type PortalUser,
} from '@countersign/core'
import { claimsReader, writeClaims } from '../src/claims'
import { expectRejection, thrown } from './support/errors'

interface User extends PortalUser {
  readonly plan: string | null
}

const table: ClaimsTable<User, object> = {
  user: {
    id: identifier('sub'),
    plan: optional(text('plan')),
    email: absent,
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
const strict = claimsReader('acme', { ...table, unknown: 'refuse' })
const raw = { sub: 7, plan: 'pro', exp: 20, iat: 10, nbf: 15, aud: 'me', jti: 'n' }
const registered = {
  issuedAt: 10_000,
  notBefore: null,
  expiresAt: 20_000,
  audience: 'me',
  nonce: 'n',
}

describe('reading claims', () => {
  it('gives every property of the user and every claim, times in milliseconds', () => {
    expect(reader.read(raw)).toEqual({
      user: { scheme: 'acme', id: '7', plan: 'pro', email: null, name: null },
      issuedAt: 10_000,
      notBefore: 15_000,
      expiresAt: 20_000,
      audience: 'me',
      nonce: 'n',
    })
  })

  it('gives a frozen user whose properties are all its own', () => {
    const { user } = reader.read(raw)
    expect(Object.isFrozen(user)).toBe(true)
    expect(Object.keys(user)).toEqual(['scheme', 'id', 'plan', 'email', 'name'])
  })

  it('gives null for the claims that the scheme does not have', () => {
    const { user } = table
    const read = claimsReader('acme', { user, unknown: 'drop' }).read(raw)
    expect(read).toMatchObject({ issuedAt: null, expiresAt: null, audience: null, nonce: null })
  })

  it('sees own members only', () => {
    const inherited: typeof raw = Object.assign(Object.create({ sub: 'admin', plan: 'pro' }), {
      ...raw,
    })
    delete (inherited as Partial<typeof raw>).plan
    expect(reader.read(inherited).user.plan).toBeNull()
    delete (inherited as Partial<typeof raw>).sub
    expectRejection(
      thrown(() => reader.read(inherited)),
      'claims_invalid',
    )
  })

  it('is not fooled by what every object inherits', () => {
    const field = claimsReader('acme', {
      user: { id: identifier('constructor'), email: absent, name: absent },
      unknown: 'drop',
    })
    expectRejection(
      thrown(() => field.read({})),
      'claims_invalid',
    )
  })

  it.each(['sub', 'exp', 'iat', 'aud', 'jti'])('refuses a missing "%s"', (name) => {
    const { [name as 'sub']: _, ...rest } = raw
    expectRejection(
      thrown(() => reader.read(rest)),
      'claims_invalid',
    )
  })

  it('drops members that it does not know, or refuses them, as the scheme says', () => {
    expect(reader.read({ ...raw, role: 'admin' }).user).not.toHaveProperty('role')
    expect(strict.read(raw).user.id).toBe('7')
    for (const stranger of ['role', 'Sub', 'constructor', '']) {
      const error = thrown(() => strict.read({ ...raw, [stranger]: 1 }))
      expectRejection(error, 'claims_invalid')
      expect(error).toMatchObject({ detail: expect.not.stringContaining('role') })
    }
  })
})

describe('writing claims', () => {
  it('follows the order of the table: the user, then the others', () => {
    const written = writeClaims(table, { name: 'Ada', plan: 'pro', id: 7 }, registered)
    expect(JSON.stringify(written)).toBe(
      '{"sub":"7","plan":"pro","name":"Ada","exp":20,"iat":10,"aud":"me","jti":"n"}',
    )
  })

  it('leaves out what is optional and not there', () => {
    expect(writeClaims(table, { id: 'u' }, registered)).toEqual({
      sub: 'u',
      name: null,
      exp: 20,
      iat: 10,
      aud: 'me',
      jti: 'n',
    })
  })

  it('writes one claim once, though two properties read it', () => {
    const twice: ClaimsTable<PortalUser, object> = {
      user: { id: sameAs(text('email')), email: text('email'), name: absent },
      issuedAt: millis('at'),
      unknown: 'refuse',
    }
    const written = writeClaims(twice, { id: 'other', email: 'a@b' }, registered)
    expect(written).toEqual({ email: 'a@b', at: 10_000 })
  })
})
