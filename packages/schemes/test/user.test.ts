import type { UserOf } from '@countersign/core'
import { fdback, featkit, harlyy, seggwat } from '../src'
import type { FdbackUser, FeatKitUser, HarlyyUser, SeggWatUser } from '../src'
import { SECRET, sent, sign, verify } from './support'

const secret = SECRET
const portals = {
  featkit: featkit({ secret, slug: 'acme' }),
  seggwat: seggwat({ secret, projectKey: 'abc123' }),
  harlyy: harlyy({ secret, businessId: 'biz', surveyId: 'survey' }),
  fdback: fdback({ secret, workspaceId: 'ws_demo' }),
}
const least = { id: 'u1', email: 'a@b.co' }
const empty = { featkit: { id: 'u1' }, seggwat: { id: 'u1' }, harlyy: {}, fdback: least }
const read = {
  featkit: { scheme: 'featkit', id: 'u1', email: null, name: null },
  seggwat: { scheme: 'seggwat', id: 'u1', email: null, name: null, subscriptionId: null },
  harlyy: { scheme: 'harlyy', id: null, email: null, name: null, nonce: 'n1' },
  fdback: { scheme: 'fdback', id: 'a@b.co', email: 'a@b.co', name: null, avatar: null },
}

describe.each(Object.keys(portals) as (keyof typeof portals)[])('the user of %s', (scheme) => {
  const options = scheme === 'harlyy' ? { nonce: 'n1' } : {}
  const verified = async (): Promise<unknown> =>
    verify(portals[scheme], sent(await sign(portals[scheme], empty[scheme], options)))

  it('has every documented field as its own, null for what was not sent', async () => {
    const user = await verified()
    expect(user).toStrictEqual(read[scheme])
    expect(Object.getPrototypeOf(user)).toBe(Object.prototype)
    for (const field of Object.keys(read[scheme]))
      expect(Object.hasOwn(user as object, field)).toBe(true)
  })

  it('is frozen', async () => {
    const user = (await verified()) as { id: unknown }
    expect(Object.isFrozen(user)).toBe(true)
    expect(() => {
      user.id = 'admin'
    }).toThrow(TypeError)
  })
})

describe('the types of the users', () => {
  it('follow from the portal', () => {
    same<UserOf<typeof portals.featkit>, FeatKitUser>(true)
    same<UserOf<typeof portals.seggwat>, SeggWatUser>(true)
    same<UserOf<typeof portals.harlyy>, HarlyyUser>(true)
    same<UserOf<typeof portals.fdback>, FdbackUser>(true)
    same<FeatKitUser['id'], string>(true)
    same<FeatKitUser['email'], string | null>(true)
    same<SeggWatUser['subscriptionId'], string | null>(true)
    same<HarlyyUser['id'], null>(true)
    same<FdbackUser['email'], string>(true)
    expect(Object.keys(portals)).toHaveLength(4)
  })
})

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

/** Does nothing at run time: the compiler refuses the call where the types differ. */
function same<A, B>(_: Same<A, B>): void {}
