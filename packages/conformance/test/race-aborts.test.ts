import { openRaw, requestBytes } from '../src'
import { click, IN_PROGRESS, linkFor, notingStore, race, REPLAYED, tally, times } from './race-kit'
import { answer, before, FRAMEWORKS, guard, running, type Step } from './transport-frameworks'
import { NOW, portals } from './transport-kit'

const eachOf = FRAMEWORKS.map((framework) => [framework.name, framework] as const)

/** An app that is stuck between guard and handler until the client of the first request is gone. */
function stuck(consume?: { readonly lease: number }) {
  const clock = { time: NOW }
  const { store } = notingStore(() => clock.time)
  let uses = 0
  let handled = 0
  let arrive!: () => void
  const arrived = new Promise<void>((resolve) => (arrive = resolve))
  const steps: readonly Step[] = [
    guard(portals().harlyy, { replayStore: store, ...(consume && { consume }) }),
    before(() => {
      if (uses++ > 0) return undefined
      arrive()
      return new Promise<void>(() => undefined) // its handler is never reached
    }),
    answer(() => ({ handled: ++handled })),
  ]
  return { clock, steps, arrived, handled: () => handled }
}

/** Sends the link, and hangs up once the guard has let it in. */
async function hangUp(port: number, arrived: Promise<void>): Promise<void> {
  const connection = await openRaw(port)
  connection.write(requestBytes(click(linkFor('n1'))))
  await arrived
  connection.abort()
}

describe.each(eachOf)(
  'a client of %s that hangs up between guard and handler',
  (_name, framework) => {
    it('CC-09 has used its nonce up', async () => {
      const { steps, arrived, handled } = stuck()
      await running(framework, steps, async (port) => {
        await hangUp(port, arrived)
        const again = times(4, () => click(linkFor('n1')))
        expect(tally(await race(port, again))).toEqual({ [REPLAYED]: 4 })
        expect(handled()).toBe(0)
      })
    })

    it('CC-09 keeps it in lease mode for as long as the lease, and then it is free', async () => {
      const { steps, arrived, handled, clock } = stuck({ lease: 30 })
      await running(framework, steps, async (port) => {
        await hangUp(port, arrived)
        const again = times(4, () => click(linkFor('n1')))
        clock.time = NOW + 29_999
        expect(tally(await race(port, again))).toEqual({ [IN_PROGRESS]: 4 })
        clock.time = NOW + 30_000
        const { 200: won, ...lost } = tally(await race(port, again))
        expect([won, handled()]).toEqual([1, 1])
        expect(Object.values(lost).reduce((sum, count) => sum + count)).toBe(3)
      })
    })
  },
)
