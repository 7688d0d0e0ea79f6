import { memoryReplayStore } from '@countersign/core'
import {
  click,
  IN_PROGRESS,
  linkFor,
  notingStore,
  race,
  REPLAYED,
  sealed,
  tally,
  times,
  EXP,
} from './race-kit'
import { FRAMEWORKS, greet, guard, running, type Framework } from './transport-frameworks'
import { now, portals, SECRET } from './transport-kit'

const RACERS = 64
const NONCES = 50

const eachOf = FRAMEWORKS.map((framework) => [framework.name, framework] as const)

/** An app that lets each link in once. */
function guarded(options: Parameters<typeof guard>[1] = {}) {
  return [guard(portals().harlyy, { replayStore: memoryReplayStore({ now }), ...options }), greet]
}

const LINK = linkFor('n1')
const [PAYLOAD = '', SIGNATURE = ''] = LINK.split('.')
const escaped = (text: string): string =>
  [...text].map((character) => `%${character.charCodeAt(0).toString(16)}`).join('')

/** The same use, spelled so that it is accepted. */
const GOOD = [
  click(LINK),
  { method: 'POST', target: `/survey?sig=${escaped(LINK)}` },
  { method: 'POST', target: `/survey?other=1&%73ig=${encodeURIComponent(LINK)}` },
  click(sealed(`{"exp":${EXP},"nonce":"n1"}`)),
  click(sealed(`{"nonce":"\\u006e1","exp":${EXP}}`)),
  click(sealed(`{ "nonce": "n1", "exp": ${EXP + 1} }`)),
]

/** The same bytes in another alphabet, length or padding. */
const MALFORMED = [
  click(`${PAYLOAD.replace(/=+$/, '')}.${SIGNATURE.replace(/=+$/, '')}`),
  click(`${PAYLOAD}.${SIGNATURE.replace(/=+$/, '')}`),
  click(`${PAYLOAD}.${Buffer.from(SIGNATURE, 'base64').toString('hex')}`),
  click(`${PAYLOAD} .${SIGNATURE}`),
  click(`${LINK}\n`),
  click(`${PAYLOAD}=.${SIGNATURE}`),
]

const SPELLINGS = [...GOOD, ...MALFORMED]

describe.each(eachOf)('racers on %s', (_name, framework) => {
  it('CC-01 have one winner for each of 50 nonces, 64 at once', async () => {
    await running(framework, guarded(), async (port) => {
      for (let nonce = 0; nonce < NONCES; nonce++) {
        const outcomes = await race(
          port,
          times(RACERS, () => click(linkFor(`n${nonce}`))),
        )
        expect(tally(outcomes)).toEqual({ 200: 1, [REPLAYED]: RACERS - 1 })
      }
    })
  })

  it('CC-01 have one winner also in lease mode, and the others are told apart', async () => {
    await running(framework, guarded({ consume: { lease: 30 } }), async (port) => {
      for (let nonce = 0; nonce < 10; nonce++) {
        const outcomes = await race(
          port,
          times(RACERS, () => click(linkFor(`n${nonce}`))),
        )
        const { 200: won, [REPLAYED]: late = 0, [IN_PROGRESS]: early = 0 } = tally(outcomes)
        expect([won, late + early]).toEqual([1, RACERS - 1])
        expect(await race(port, [click(linkFor(`n${nonce}`))])).toEqual([REPLAYED])
      }
    })
  })

  it('CC-03 have one winner, however they spell the credential', async () => {
    await running(framework, guarded(), async (port) => {
      const outcomes = await race(port, [...SPELLINGS, ...SPELLINGS])
      const { 200: won, ...lost } = tally(outcomes)
      expect(won).toBe(1)
      expect(lost).toEqual({
        '401 invalid_token': 2 * MALFORMED.length,
        [REPLAYED]: 2 * GOOD.length - 1,
      })
    })
  })

  it('CC-04 lose to the one with a signature; forgers never reach the store', async () => {
    const { store, claims, looks } = notingStore()
    await running(framework, guarded({ replayStore: store }), async (port) => {
      const forged = times(RACERS - 1, (index) => click(linkFor('n1', `${SECRET.fdback}-${index}`)))
      const half = RACERS / 2
      const outcomes = await race(port, [
        ...forged.slice(0, half),
        click(linkFor('n1')),
        ...forged.slice(half),
      ])
      expect(tally(outcomes)).toEqual({ 200: 1, '401 invalid_token': RACERS - 1 })
      expect([claims.length, looks()]).toEqual([1, 0])
    })
  })

  it.each([
    ['burning', {}],
    ['leasing', { consume: { lease: 30 } }],
  ])('CC-10 never revive a used nonce by looking at it, %s', async (_mode, options) => {
    await running(framework, guarded(options), async (port) => {
      for (let nonce = 0; nonce < 10; nonce++) {
        const link = linkFor(`n${nonce}`)
        const racers = times(RACERS, (index) => click(link, index % 2 ? 'POST' : 'GET'))
        const outcomes = await race(port, racers)
        const posted = outcomes.filter((_, index) => index % 2)
        expect(posted.filter((outcome) => outcome === '200')).toHaveLength(1)
        const after = times(8, (index) => click(link, index % 2 ? 'POST' : 'GET'))
        expect(tally(await race(port, after))).toEqual({ [REPLAYED]: 8 })
      }
    })
  })
})

it('CC-02 racers on four servers with one store have one winner, 16 on each', async () => {
  const replayStore = memoryReplayStore({ now })
  const link = click(linkFor('n1'))

  async function start(
    [framework, ...others]: readonly Framework[],
    ports: readonly number[],
  ): Promise<string[]> {
    if (!framework)
      return (
        await Promise.all(
          ports.map((port) =>
            race(
              port,
              times(16, () => link),
            ),
          ),
        )
      ).flat()
    return running(framework, guarded({ replayStore }), (port) => start(others, [...ports, port]))
  }

  expect(tally(await start(FRAMEWORKS, []))).toEqual({ 200: 1, [REPLAYED]: 63 })
})
