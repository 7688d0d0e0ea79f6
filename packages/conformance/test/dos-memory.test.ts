import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { memoryReplayStore, type ReplayStore } from '@countersign/core'
import { openRaw, requestBytes, sendRaw } from '../src'
import { outcomeOf } from './lease-kit'
import { click, EXP, linkFor, race, REPLAYED } from './race-kit'
import { FRAMEWORKS, greet, guard, running } from './transport-frameworks'
import { now, portals, SECRET } from './transport-kit'

const eachOf = FRAMEWORKS.map((framework) => [framework.name, framework] as const)

/** As many entries as a memory store holds unless told otherwise. */
const CAPACITY = 100_000

describe.each(eachOf)('a memory store behind %s', (_name, framework) => {
  it('DS-08 refuses new links when it is full, and forgets none that were used', async () => {
    const replayStore = memoryReplayStore({ now })
    const harlyy = portals().harlyy
    const burning = guard(harlyy, { replayStore })
    await running(framework, [burning, greet], async (port) => {
      const used = ['first', 'second'].map((nonce) => click(linkFor(nonce)))
      expect(await race(port, used)).toEqual(['200', '200'])
      await fill(replayStore, CAPACITY - used.length)
      const fresh = click(linkFor('one too many'))
      const { status, headers, body } = await sendRaw(port, fresh)
      expect([status, headers['retry-after']]).toEqual([503, '1'])
      expect(JSON.parse(body)).toMatchObject({ code: 'store_unavailable' })
      expect(await race(port, [fresh, fresh])).toEqual(Array(2).fill('503 store_unavailable'))
      expect(await race(port, used)).toEqual([REPLAYED, REPLAYED])
      expect(await replayStore.has('k0')).toBe(true)
      expect(await replayStore.has(`k${CAPACITY - used.length - 1}`)).toBe(true)
      expect(await race(port, [click(linkFor('one too many'), 'GET')])).toEqual(['200']) // looking needs no room
    })
  })

  it('DS-08 refuses new leases when it is full, and still ends those that it has', async () => {
    const replayStore = memoryReplayStore({ now, maxEntries: 3 })
    const leasing = guard(portals().harlyy, { replayStore, consume: { lease: 30 } })
    await running(framework, [leasing, greet], async (port) => {
      await fill(replayStore, 2)
      expect(await race(port, [click(linkFor('last'))])).toEqual(['200'])
      expect(await race(port, [click(linkFor('next'))])).toEqual(['503 store_unavailable'])
      expect(await race(port, [click(linkFor('last'))])).toEqual([REPLAYED])
    })
  })
})

async function fill(store: ReplayStore, count: number): Promise<void> {
  for (let key = 0; key < count; key++) await store.claim(`k${key}`, EXP)
}

/** How much is on the heap when all that can go is gone, in bytes. */
function heap(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void // there is one now
  collect()
  collect()
  return process.memoryUsage().heapUsed
}

const BAD = 20_000
const BATCH = 200

it('DS-07 a guard keeps nothing of 20 000 links with a wrong signature, each another', async () => {
  const express5 = FRAMEWORKS[1]!
  const options = { replayStore: memoryReplayStore({ now }), consume: { lease: 30 } }
  await running(express5, [guard(portals().harlyy, options), greet], async (port) => {
    const connection = await openRaw(port)
    const forged = async (from: number): Promise<void> => {
      for (let index = from; index < from + BATCH; index++) {
        connection.write(requestBytes(click(linkFor(`n${index}`, SECRET.fdback))))
      }
      for (let index = 0; index < BATCH; index++) {
        expect(outcomeOf(await connection.answer('POST'))).toBe('401 invalid_token')
      }
    }
    for (let from = 0; from < 2_000; from += BATCH) await forged(from) // what is made once is made
    const before = heap()
    for (let from = 0; from < BAD; from += BATCH) await forged(from)
    expect(heap() - before).toBeLessThan(4_000_000) // 200 bytes each
    connection.abort()
  })
})
