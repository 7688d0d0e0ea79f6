import { isPromise } from '@countersign/core'
import { withDeadline } from '../src/awaitable'
import { refusal } from './support/errors'

describe('a promise', () => {
  it('is any object with a `then` method', () => {
    // oxlint-disable-next-line unicorn/no-thenable -- a promise of another library
    const foreign = { then: (resolve: (value: number) => void) => resolve(1) }
    for (const promise of [Promise.resolve(), foreign])
      expect(isPromise<unknown>(promise)).toBe(true)
    // oxlint-disable-next-line unicorn/no-thenable -- a property of that name is not enough
    const others = [null, undefined, 0, '', {}, [], () => undefined, { then: 1 }]
    for (const other of others) expect(isPromise(other)).toBe(false)
  })
})

describe('a deadline', () => {
  beforeEach(() => {
    jest.useFakeTimers()
  })
  afterEach(() => {
    jest.useRealTimers()
  })

  it('leaves no timer behind where the work settles in time', async () => {
    const fault = new Error('fault')
    const late = () => new Error('late')
    expect(await withDeadline(Promise.resolve(1), 1_000, late)).toBe(1)
    expect(await refusal(withDeadline(Promise.reject(fault), 1_000, late))).toBe(fault)
    expect(jest.getTimerCount()).toBe(0)
  })

  it('rejects work that takes longer, with an error that is made then', async () => {
    let settle = (_: number): void => undefined
    const slow = new Promise<number>((resolve) => (settle = resolve))
    const late = jest.fn(() => new Error('late'))
    const result = refusal(withDeadline(slow, 1_000, late))
    await jest.advanceTimersByTimeAsync(999)
    expect(late).not.toHaveBeenCalled()
    await jest.advanceTimersByTimeAsync(1)
    settle(1)
    expect(await result).toEqual(new Error('late'))
  })
})
