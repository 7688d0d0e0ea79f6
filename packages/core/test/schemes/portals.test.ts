import { ConfigError, type UserOf } from '@countersign/core'
import {
  fdback,
  featkit,
  harlyy,
  seggwat,
  type FdbackUser,
  type FeatKitUser,
  type HarlyyUser,
  type SeggWatUser,
} from '@countersign/core/schemes'
import { link, SECRET, sign, verify } from './support'

const secret = SECRET
const hmac = seggwat({ secret, projectKey: 'p' })
const jwt = seggwat({ secret, projectKey: 'p', mode: 'jwt' })

describe('the modes of SeggWat', () => {
  it('do not read what the other signs', async () => {
    const [fromHmac, fromJwt] = [await sign(hmac, { id: 'u1' }), await sign(jwt, { id: 'u1' })]
    expect(await verify(jwt, link('token', fromHmac.token ?? ''))).toBe('token_malformed')
    expect(await verify(hmac, link('token', fromJwt.token ?? ''))).toBe('token_malformed')
  })

  it('are two, and HMAC is the default', async () => {
    const { token } = await sign(seggwat({ secret, projectKey: 'p', mode: undefined }), {
      id: 'u1',
    })
    expect(token).toBe((await sign(hmac, { id: 'u1' })).token)
    for (const mode of ['JWT', 'hs256', '', null, 'toString', '__proto__']) {
      expect(() => seggwat({ secret, mode: mode as 'jwt' })).toThrow(ConfigError) // wrong on purpose
    }
  })
})

describe('the types of the users', () => {
  it('follow from the portal', () => {
    expectSame<UserOf<ReturnType<typeof featkit>>, FeatKitUser>(true)
    expectSame<UserOf<ReturnType<typeof seggwat>>, SeggWatUser>(true)
    expectSame<UserOf<ReturnType<typeof harlyy>>, HarlyyUser>(true)
    expectSame<UserOf<ReturnType<typeof fdback>>, FdbackUser>(true)
    expectSame<FeatKitUser['id'], string>(true)
    expectSame<SeggWatUser['subscriptionId'], string | null>(true)
    expectSame<HarlyyUser['id'], null>(true)
    expectSame<FdbackUser['email'], string>(true)
  })
})

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

/** Does nothing at run time: the compiler refuses the call where the types differ. */
function expectSame<A, B>(same: Same<A, B>): void {
  expect(same).toBe(true)
}
