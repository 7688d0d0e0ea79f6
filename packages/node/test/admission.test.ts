import type { Verified } from '@countersign/core'
import { admit, admittedUser, isAdmitted } from '../src'

const guard = {}
const user = { scheme: 'acme', id: 'u-1', email: null, name: null }
const auth = { scheme: 'acme', tenant: null, keyId: null, issuedAt: null, expiresAt: null }
const consume = (): Promise<void> => Promise.resolve()
const verified: Verified = {
  user,
  auth: { ...auth, nonce: null, consume },
  rotated: false,
  inUrl: true,
  reservation: undefined,
}

describe('admission', () => {
  it('is remembered for the guard that gave it, and for no other', () => {
    const request = {}
    expect(isAdmitted(request, guard)).toBe(false)
    admit(request, { guard, verified })
    expect([isAdmitted(request, guard), isAdmitted(request, {})]).toEqual([true, false])
    expect(admittedUser(request)).toBe(user)
  })

  it('does not pass to another request that is made of the first', () => {
    const request = {}
    admit(request, { guard, verified })
    const heir = Object.create(request) as object
    expect(isAdmitted(heir, guard)).toBe(false)
    expect(() => admittedUser(heir)).toThrow(
      expect.objectContaining({ name: 'ConfigError', reason: 'no_guard' }),
    )
  })

  it('is nothing that a property could claim', () => {
    const request = { portalUser: user, 'countersign.admission': { guard, verified } }
    expect(() => admittedUser(request)).toThrow('Mount requireSignedUser(portal) on the route')
  })

  it('of a stranger has no user', () => {
    const request = {}
    admit(request, { guard, verified: undefined })
    expect(isAdmitted(request, guard)).toBe(true)
    expect(() => admittedUser(request)).toThrow(
      expect.objectContaining({ code: 'credential_missing', status: 401 }),
    )
  })

  it('is the last one', () => {
    const request = {}
    admit(request, { guard, verified })
    admit(request, { guard: {}, verified: undefined })
    expect(isAdmitted(request, guard)).toBe(false)
    expect(() => admittedUser(request)).toThrow('Authentication required')
  })
})
