import { createHash, createHmac } from 'node:crypto'
import type { ReplayStore } from '@countersign/core'
import { fdback, harlyy } from '@countersign/core/schemes'
import { replayKey } from '../../src/replay/store'
import { forgeMessage } from '../support/forge'
import { NOW, outcome, verify } from '../support/request'
import { CURRENT, PREVIOUS } from '../support/secrets'
import { guarding, LEASE, linkOf } from './guarding'
import { altered, clockedStore, remote, watchedStore } from './stores'

type Portal = ReturnType<typeof harlyy>

/** SHA-256 over parts with their length in bytes, as WIRE section 5 describes it. */
function keyOf(...parts: readonly string[]): string {
  const text = parts.map((part) => `${Buffer.byteLength(part)}:${part}`).join('')
  return createHash('sha256').update(text).digest('base64url')
}

const fingerprintOf = (secret: string): string =>
  createHmac('sha256', secret).update('countersign replay key').digest('hex').slice(0, 32)

describe('the key under which a use is remembered', () => {
  it('is the same in every process: scheme, fingerprint of the secret, nonce', async () => {
    const { ask, calls } = guarding()
    await ask()
    expect(calls[0]?.[1]).toBe(keyOf('harlyy', fingerprintOf(CURRENT), 'n1'))
  })

  it('has the time and the bytes of a signed message in place of a nonce', async () => {
    const { store, calls } = watchedStore()
    const message = forgeMessage()
    await verify(fdback({ secret: CURRENT }), message, { replayStore: store })
    const body = message.body.toString()
    expect(calls[0]?.[1]).toBe(keyOf('fdback', fingerprintOf(CURRENT), String(NOW), '.', body))
  })

  it('has 43 characters of base64url', () => {
    for (const part of ['', 'n1', 'é'.repeat(255), Buffer.from([0, 255])]) {
      expect(replayKey(['once', part])).toMatch(/^[\w-]{43}$/)
    }
  })

  it('is another one for other parts, wherever they are divided', () => {
    const lists = ['a:b c', 'a b:c', 'a b c', 'a bc', 'a  bc', 'ab c', 'abc', 'a1:b c', 'a 1:b1:c']
    const parts = [...lists, 'é', 'Ã©'].map((text) => text.split(' '))
    expect(new Set(parts.map(replayKey)).size).toBe(11)
  })
})

/** What each request gets, one after the other, from portals over one store. */
async function inTurn(requests: readonly (readonly [Portal, string])[]): Promise<string[]> {
  const { store } = clockedStore()
  const outcomes = []
  for (const [portal, query] of requests) outcomes.push(await post(portal, query, store))
  return outcomes
}

async function post(portal: Portal, query: string, replayStore: ReplayStore, consume?: object) {
  const options = { replayStore, ...(consume && { consume: { lease: LEASE } }) }
  return outcome(await verify(portal, { method: 'POST', query }, options))
}

const USED = '401 token_replayed'

describe('a nonce', () => {
  const old = harlyy({ secret: PREVIOUS })
  const rotating = harlyy({ secret: [CURRENT, PREVIOUS] })
  const byOld = linkOf('n1', PREVIOUS)
  const byNew = linkOf('n1', CURRENT)

  it('is used once under the two secrets of a portal, before, during and after a rotation', async () => {
    const [retiring, renewed] = [[rotating, byOld] as const, [rotating, byNew] as const]
    expect(await inTurn([[old, byOld], retiring, renewed])).toEqual(['200', USED, USED])
    expect(await inTurn([retiring, renewed])).toEqual(['200', USED])
    expect(await inTurn([renewed, retiring])).toEqual(['200', USED])
  })

  it('never has two winners under two secrets at once', async () => {
    for (const consume of [undefined, { lease: LEASE }]) {
      const { store } = clockedStore(1_000)
      for (let nonce = 0; nonce < 50; nonce++) {
        const queries = [PREVIOUS, CURRENT].map((secret) => linkOf(`n${nonce}`, secret))
        const far = remote(store)
        const racing = [...queries, ...queries].map((query) => post(rotating, query, far, consume))
        const won = (await Promise.all(racing)).filter((each) => each === '200')
        expect(won.length).toBeLessThanOrEqual(1)
      }
    }
  })

  // ask-store.ts keeps the first key where the question about another key does not let the request pass
  it('is given back in lease mode where its other secret keeps the request out', async () => {
    const { ask, reserve } = guarding({ consume: { lease: LEASE } }, rotating)
    const reservation = await reserve({ query: byNew })
    expect(await ask({ query: byOld })).toBe('409 nonce_in_progress')
    await reservation.settle(500)
    expect(await ask({ query: byNew })).toBe('200')
  })

  it('is given back where the store fails for its other secret', async () => {
    const { store } = clockedStore()
    const unclaim = jest.fn()
    const failing = altered(store, (name, work) => {
      if (name === 'unclaim') return unclaim
      return name === 'has' ? () => Promise.reject(new Error('no connection')) : jest.fn(work)
    })
    expect(await post(rotating, byNew, failing)).toBe('503 store_unavailable')
    const [key, , owner] = jest.mocked(failing.claim).mock.calls[0] ?? []
    expect(unclaim.mock.calls).toEqual([[key, owner]])
  })

  it('is one for all names of a tenant, which nothing signs', async () => {
    const portal = harlyy({ secret: ({ tenant }) => (tenant ? CURRENT : null) })
    const { store } = clockedStore()
    const ask = async (survey: string) => {
      const options = { replayStore: store, tenant: () => survey }
      return outcome(await verify(portal, { method: 'POST', query: linkOf() }, options))
    }
    expect([await ask('a'), await ask('b'), await ask('A')]).toEqual(['200', USED, USED])
  })
})
