import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { FOREIGN } from '../support/secrets'
import { leasing, linkOf } from './guarding'

const FORGED = 20_000

/** Bytes on the heap after a collection. */
function heap(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void // exists now
  collect()
  collect()
  return process.memoryUsage().heapUsed
}

it('a verifier keeps nothing of links with a wrong signature, however many there are', async () => {
  const { ask, asked } = leasing()
  const forge = async (from: number, count: number) => {
    const outcomes = new Set<string>()
    for (let nonce = from; nonce < from + count; nonce++) {
      outcomes.add(await ask({ query: linkOf(`n${nonce}`, FOREIGN) }))
    }
    expect([...outcomes]).toEqual(['401 signature_invalid'])
  }
  await forge(0, 2_000) // what is made once is made
  const before = heap()
  await forge(2_000, FORGED)
  expect(heap() - before).toBeLessThan(100 * FORGED)
  expect(asked()).toEqual([])
})
