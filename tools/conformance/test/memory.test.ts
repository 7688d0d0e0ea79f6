import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { catalogue, catalogueRun, coreFront } from '../src'
import { quiet } from './quiet'

quiet()

it('a verifier keeps nothing of refused credentials', async () => {
  const refused = catalogue.cases.filter(({ expected, replays }) => expected !== '200' && !replays)
  const run = catalogueRun(coreFront)
  const heapAfter = async (times: number): Promise<number> => {
    for (let time = 0; time < times; time++) for (const each of refused) await run.send(each)
    return heapUsed()
  }
  const before = await heapAfter(2)
  expect((await heapAfter(60)) - before).toBeLessThan(1_000_000) // some 70 bytes each
  await run.close()
})

/** Bytes in use after a garbage collection. */
function heapUsed(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void // exists since the line before
  collect()
  return process.memoryUsage().heapUsed
}
