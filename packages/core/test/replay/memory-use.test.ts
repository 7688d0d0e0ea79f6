import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { NOW } from '../support/request'
import { CURRENT, FOREIGN } from '../support/secrets'
import { leasing, linkOf } from './guarding'

const FORGED = 4_000

/** Bytes on the heap after a collection. */
function heap(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void // exists now
  collect()
  collect()
  return process.memoryUsage().heapUsed
}

it('a verifier keeps nothing of links that it refuses, however many there are', async () => {
  const { ask, asked } = leasing()
  const forge = async (from: number, count: number) => {
    const outcomes = new Set<string>()
    for (let nonce = from; nonce < from + count; nonce++) {
      const [forged, expired] = [linkOf(`n${nonce}`, FOREIGN), linkOf(`n${nonce}`, CURRENT, NOW)]
      for (const query of [forged, expired, `sig=${nonce}`]) outcomes.add(await ask({ query }))
    }
    const codes = ['signature_invalid', 'token_expired', 'token_malformed']
    expect([...outcomes]).toEqual(codes.map((code) => `401 ${code}`))
  }
  await forge(0, 500) // what is made once is made
  const before = heap()
  await forge(500, FORGED)
  expect(heap() - before).toBeLessThan(100 * FORGED)
  expect(asked()).toEqual([])
})
