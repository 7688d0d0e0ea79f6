import { flaws, show, type Fault, type Outcome } from '@countersign/replay-lab'

const fault: Omit<Fault, 'run'> = {
  id: 'any',
  name: 'anything',
  store: 'any',
  expected: { store_unavailable: 2 },
  limit: 300,
}

const good: Outcome = {
  requests: 4,
  during: { store_unavailable: 2 },
  replays: 0,
  slowest: 250,
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
    const lossy = { ...fault, verdict: 'lost' } as const
    expect(flaws(lossy, { ...good, replays: 3 })).toEqual([])
    expect(flaws(lossy, good)).toEqual(['nothing was lost, though it should be'])
  })
})

it('show() sorts the codes', () => {
  expect(show({ token_replayed: 63, accepted: 1 })).toBe('1 accepted, 63 token_replayed')
  expect(show({})).toBe('none')
})
