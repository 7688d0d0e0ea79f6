import { flaws, raceFlaws, show, TRACKS } from '@countersign/replay-lab'
import type { Fault, Outcome, RaceResult } from '@countersign/replay-lab'

const fault: Fault = {
  id: 'any',
  name: 'anything',
  store: 'any',
  expected: { store_unavailable: 2 },
  run: () => Promise.reject(new Error('not run')),
}

const good: Outcome = {
  requests: 4,
  all: { accepted: 2, store_unavailable: 2 },
  during: { store_unavailable: 2 },
  replays: 0,
  slowest: 250,
  limit: 300,
  recovered: true,
  unhandled: 0,
}

describe('flaws()', () => {
  it('is empty where the outcome is as expected', () => {
    expect(flaws(fault, good)).toEqual([])
  })

  it.each<[string, Partial<Outcome>]>([
    ['1 replays', { replays: 1 }],
    ['an answer after 301 ms', { slowest: 300.5 }],
    ['no recovery', { recovered: false }],
    ['2 unhandled rejections', { unhandled: 2 }],
    [
      'answers 1 accepted, 1 store_unavailable instead of 2 store_unavailable',
      { during: { store_unavailable: 1, accepted: 1 } },
    ],
  ])('names a flaw: %s', (flaw, change) => {
    expect(flaws(fault, { ...good, ...change })).toEqual([flaw])
  })

  it('names a loss that did not happen', () => {
    const lossy: Fault = { ...fault, verdict: 'lost' }
    expect(flaws(lossy, { ...good, replays: 3 })).toEqual([])
    expect(flaws(lossy, good)).toEqual(['nothing was lost, though it should be'])
  })
})

describe('raceFlaws()', () => {
  const track = TRACKS.find(({ id }) => id === 'redis-4')!
  const won: RaceResult = {
    requests: 640,
    winners: { 1: 10 },
    replays: 0,
    codes: { accepted: 10, token_replayed: 630 },
    seconds: 1,
    unhandled: 0,
  }

  it('is empty where each link has one winner', () => {
    expect(raceFlaws(track, 10, won)).toEqual([])
  })

  it.each<[string, Partial<RaceResult>]>([
    ['another number of winners', { winners: { 1: 9, 2: 1 } }],
    ['another number of winners', { winners: { 1: 9, 0: 1 } }],
    ['1 replays', { replays: 1 }],
    ['answered store_unavailable', { codes: { ...won.codes, store_unavailable: 1 } }],
    ['1 unhandled rejections', { unhandled: 1 }],
  ])('names a flaw: %s', (flaw, change) => {
    expect(raceFlaws(track, 10, { ...won, ...change })).toEqual([flaw])
  })
})

it('show() sorts the codes', () => {
  expect(show({ token_replayed: 63, accepted: 1 })).toBe('1 accepted, 63 token_replayed')
  expect(show({})).toBe('none')
})
