import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { catalogue, catalogueRun, coreFront, documentedCases, outcomeOf } from '../src'
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
  expect((await heapAfter(24)) - before).toBeLessThan(400_000) // some 70 bytes each
  await run.close()
})

/** Accepted, and not used up by that. */
const reusable = documentedCases.filter(
  ({ user, deliveries }) => !('nonce' in user) && deliveries[0]?.expected === '200',
)

it.each(reusable)(
  'a guard refuses $id once it has expired, though it was accepted before',
  async ({ portal, options, deliveries, endsAt }) => {
    let time = 0
    const { send } = await coreFront.open(portal(), { now: () => time, clockTolerance: 0 })
    const outcomes: string[] = []
    for (time of [options.now!(), endsAt - 1, endsAt + 1]) {
      outcomes.push(outcomeOf(await send(deliveries[0]!.request))) // each has one
    }
    expect(outcomes).toEqual(['200', '200', '401 token_expired'])
  },
)

/** Bytes in use after a garbage collection. */
function heapUsed(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void // exists since the line before
  collect()
  return process.memoryUsage().heapUsed
}
