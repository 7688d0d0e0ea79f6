import { harlyy } from '@countersign/express'
import { incoming } from '../src'
import { click, EXP, linkFor, notingStore, race, REPLAYED, sealed, tally, times } from './race-kit'
import { FRAMEWORKS, greet, guard, running } from './transport-frameworks'
import { portals } from './transport-kit'

const eachOf = FRAMEWORKS.map((framework) => [framework.name, framework] as const)

const TENANTS = {
  A: 'the-secret-of-tenant-a-in-these-tests',
  B: 'the-secret-of-tenant-b-in-these-tests',
}
type Tenant = keyof typeof TENANTS

/** A portal of many tenants, told apart by a header that the application trusts. */
function tenants(secrets: Readonly<Record<string, string>>) {
  const portal = harlyy({ secret: ({ tenant }) => secrets[tenant ?? ''] ?? null })
  const tenant = (native: unknown): string => String(incoming(native).headers['x-tenant'])
  const { store, claims } = notingStore()
  return { steps: [guard(portal, { tenant, replayStore: store }), greet], claims }
}

describe.each(eachOf)('a nonce on %s', (_name, framework) => {
  const of = (tenant: string, nonce: string, secret: string) => ({
    ...click(linkFor(nonce, secret)),
    headers: [['X-Tenant', tenant]] as const,
  })

  it('CC-05 is one of its tenant: two tenants use the same', async () => {
    const { steps } = tenants(TENANTS)
    await running(framework, steps, async (port) => {
      const both = (['A', 'B'] as Tenant[]).map((tenant) => of(tenant, 'n1', TENANTS[tenant]))
      expect(await race(port, both)).toEqual(['200', '200'])
      expect(await race(port, both)).toEqual([REPLAYED, REPLAYED])
      expect(await race(port, [of('A', 'n2', TENANTS.B)])).toEqual(['401 invalid_token'])
    })
  })

  it('CC-06 does not run together with the name of its tenant', async () => {
    const secret = TENANTS.A
    const { steps, claims } = tenants({
      a: secret,
      'a-b': secret,
      a1: secret,
      ab: secret,
      'a:b': secret,
    })
    await running(framework, steps, async (port) => {
      const uses = [
        of('a', 'b:c', secret),
        of('a', '-bc', secret),
        of('a-b', 'c', secret),
        of('a', '1:c', secret),
        of('a1', ':c', secret),
        of('ab', 'c', secret),
        of('a', 'bc', secret),
      ]
      expect(tally(await race(port, uses))).toEqual({ 200: uses.length })
      expect(new Set(claims.map(({ key }) => key)).size).toBe(uses.length)
      // a tenant with a separator in its name is none
      expect(await race(port, [of('a:b', 'c', secret)])).toEqual(['401 invalid_token'])
    })
  })

  it('CC-07 is used once up to the last millisecond, and remembered when it has ended', async () => {
    const clock = { time: EXP - 1 }
    const { store, claims } = notingStore(() => clock.time)
    const guarded = guard(portals().harlyy, { now: () => clock.time, replayStore: store })
    await running(framework, [guarded, greet], async (port) => {
      const link = click(linkFor('n1'))
      expect(
        tally(
          await race(
            port,
            times(16, () => link),
          ),
        ),
      ).toEqual({ 200: 1, [REPLAYED]: 15 })
      clock.time = EXP
      expect(
        tally(
          await race(
            port,
            times(16, () => link),
          ),
        ),
      ).toEqual({ '401 token_expired': 16 })
      clock.time = EXP - 1 // as another machine's clock may say
      expect(await race(port, [link])).toEqual([REPLAYED])
      clock.time = EXP + 30_000 + 60_000 - 1
      expect(await store.has(claims[0]?.key ?? '')).toBe(true)
    })
  })

  it.each([0, 30, 300])(
    'CC-08 is remembered for a minute longer than any clock accepts it, with a tolerance of %i s',
    async (clockTolerance) => {
      const clock = { time: EXP - 1 }
      const { store, claims } = notingStore(() => clock.time)
      const now = (): number => clock.time
      const guarded = guard(portals().harlyy, { now, replayStore: store, clockTolerance })
      await running(framework, [guarded, greet], async (port) => {
        const link = click(linkFor('n1'))
        expect(await race(port, [link])).toEqual(['200'])
        const [claim] = claims
        expect(claim?.expiresAt).toBe(EXP + clockTolerance * 1_000 + 60_000)
        clock.time = EXP + clockTolerance * 1_000 + 59_999
        expect(await store.has(claim?.key ?? '')).toBe(true)
        expect(await race(port, [link])).toEqual(['401 token_expired']) // expiry has no tolerance
      })
    },
  )

  it('DS-09 is refused from 256 characters on, before the store, which keeps 32 bytes of any', async () => {
    const { store, claims, looks } = notingStore()
    await running(
      framework,
      [guard(portals().harlyy, { replayStore: store }), greet],
      async (port) => {
        const ask = async (nonce: string) => (await race(port, [click(linkFor(nonce))]))[0]
        expect(await ask('x'.repeat(255))).toBe('200')
        expect(await ask('é'.repeat(255))).toBe('200')
        for (const length of [256, 1_000, 2_900]) {
          expect(await ask('x'.repeat(length))).toBe('401 claims_invalid')
        }
        // a link of more than 4 096 characters is not even read
        for (const length of [4_096, 10_240])
          expect(await ask('x'.repeat(length))).toBe('401 invalid_token')
        expect(await ask('')).toBe('401 claims_invalid')
        expect(await race(port, [click(sealed(`{"nonce":"a\\u0000b","exp":${EXP}}`))])).toEqual([
          '401 claims_invalid',
        ])
        expect(claims.map(({ key }) => Buffer.from(key, 'base64url').length)).toEqual([32, 32])
        expect(looks()).toBe(0)
      },
    )
  })
})
