import { startApp } from '../app'
import { faultsOn, WELL, type Fault, type Row } from '../fault'
import { forgeLink } from '../links'
import { forkApp, type ProcessApp } from '../processes'
import { ONE_OF_EACH, type ServerSite } from '../sites'
import type { Trial } from '../trial'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

const APART = [-5 * MINUTE, 0, 5 * MINUTE]

/** How long before its end the slowest clock sees the link, in the end. */
const LAST_MOMENT = 5_000

/** Apps in processes of their own, as their `Date.now` is set. */
function clocks(
  id: string,
  offsets: readonly number[],
  row: Pick<Row<ServerSite>, 'name' | 'expected'> & {
    work(trial: Trial, apps: readonly ProcessApp[], site: ServerSite): Promise<void>
  },
): Row<ServerSite> {
  return {
    ...{ id: `clock-${id}`, name: row.name, expected: row.expected, app: WELL },
    apps: ({ plan }) =>
      Promise.all(offsets.map((clockOffset) => forkApp({ store: plan, clockOffset }))),
    make: (trial, site) => row.work(trial, trial.apps as readonly ProcessApp[], site), // as made above
  }
}

const CLOCKS: readonly Row<ServerSite>[] = [
  clocks('apart', APART, {
    name: 'clocks 5 min slow, right and 5 min fast: a link at all three',
    expected: { accepted: 10, token_replayed: 20 },
    async work(trial, apps) {
      const links = await trial.fresh(10)
      for (const app of apps.toReversed()) await trial.during(links, app)
    },
  }),
  clocks('apart-to-the-end', APART, {
    name: 'used by the fast clock, tried by the slow one just before it sees the link end',
    expected: { accepted: 10, token_replayed: 10 },
    async work(trial, apps, { age }) {
      const links = await trial.fresh(10, 6 * 60) // the fast one sees a minute of it
      await trial.during(links, apps[2])
      const passed = 11 * MINUTE - LAST_MOMENT
      await age(passed)
      await Promise.all(apps.map((app, index) => app.setClock(APART[index]! + passed)))
      await trial.during(links, apps[0])
    },
  }),
  clocks('jumping', [0], {
    name: 'a clock that jumps 5 min back and forth between uses',
    expected: { accepted: 10, token_replayed: 40 },
    async work(trial, [app]) {
      const links = await trial.fresh(10)
      for (const offset of [0, -5 * MINUTE, 5 * MINUTE, -5 * MINUTE, 0]) {
        await app!.setClock(offset)
        await trial.during(links)
      }
    },
  }),
]

/** What the end of a link can be like. */
interface Ending {
  readonly name: string
  /** When it ends, in milliseconds from now; `null` for never. */
  readonly end: number | null
  /** How far the guard's clock is behind the store's, in milliseconds. @default 0 */
  readonly behind?: number
  /** How long after its use it is tried again, in milliseconds. @default 0 */
  readonly later?: number
  /** In seconds. */
  readonly nonceRetention?: number
}

const ENDINGS: Readonly<Record<string, Ending>> = {
  past: {
    name: "expiry in the store's past: the guard's clock is 20 min behind",
    end: -10 * MINUTE,
    behind: 20 * MINUTE,
  },
  fraction: { name: 'expiry with a fraction', end: MINUTE + 0.5 },
  timer: { name: 'expiry beyond 24.8 days, tried again after 30', end: 40 * DAY, later: 30 * DAY },
  huge: {
    name: 'no expiry, remembered for 100 years, tried again after 99',
    end: null,
    later: 99 * 365 * DAY,
    nonceRetention: 100 * 31_622_400,
  },
}

function expiry([id, ending]: readonly [string, Ending]): Row<ServerSite> {
  const { name, end, behind = 0, later = 0, nonceRetention } = ending
  const clock = { ahead: -behind }
  const now = (): number => Date.now() + clock.ahead
  return {
    ...{ id: `expiry-${id}`, name, expected: { accepted: 10, token_replayed: 20 } },
    app: WELL,
    apps: async ({ store }) => [
      await startApp({ replayStore: store, nonceRetention, now, ...WELL }),
    ],
    async make(trial, { age }) {
      clock.ahead = -behind
      const exp = end === null ? null : Date.now() + end
      const links = Array.from({ length: 10 }, () => forgeLink(exp))
      await trial.during(links)
      await trial.during(links)
      await age(later)
      clock.ahead += later
      await trial.during(links)
      clock.ahead = 0
    },
  }
}

export const timeFaults: readonly Fault[] = faultsOn(ONE_OF_EACH, [
  ...CLOCKS,
  ...Object.entries(ENDINGS).map(expiry),
])
