import { isPromise } from '@countersign/core'
import { recover, whenReady, withDeadline } from '../src/awaitable'
import { refusal } from './support/errors'

const fault = new Error('fault')
const caught = (error: unknown) => ({ caught: error })
const failing = (): never => {
  throw fault
}
// oxlint-disable-next-line unicorn/no-thenable -- a promise of another make is what it is for
const foreign = { then: (resolve: (value: number) => void) => resolve(1) }

describe('a value that may be there already', () => {
  it('is a promise when it can be waited for, whoever made it', () => {
    expect([Promise.resolve(), foreign].map((value) => isPromise<unknown>(value))).toEqual([
      true,
      true,
    ])
    // oxlint-disable-next-line unicorn/no-thenable -- a property of that name makes no promise
    const others = [null, undefined, 0, '', {}, [], () => undefined, { then: 1 }]
    for (const other of others) expect(isPromise(other)).toBe(false)
  })

  it('is used at once when it is there', () => {
    expect(whenReady(1, (value) => value + 1)).toBe(2)
  })

  it('is waited for when it is not', async () => {
    const next = whenReady(Promise.resolve(1), (value) => value + 1)
    expect(isPromise(next)).toBe(true)
    expect(await next).toBe(2)
  })
})

describe('recovering', () => {
  it('lets what went well through, at once or later', async () => {
    expect(recover(() => 1, caught)).toBe(1)
    expect(await recover(async () => 1, caught)).toBe(1)
  })

  it('makes a value of what went wrong, at once or later', async () => {
    expect(recover(failing, caught)).toEqual({ caught: fault })
    expect(await recover(() => Promise.reject(fault), caught)).toEqual({ caught: fault })
  })

  it('passes on what the recovery itself throws', async () => {
    expect(() => recover(failing, failing)).toThrow(fault)
    expect(await refusal(Promise.resolve(recover(() => Promise.reject(fault), failing)))).toBe(
      fault,
    )
  })
})

describe('waiting with a deadline', () => {
  const late = () => new Error('late')

  beforeEach(() => {
    jest.useFakeTimers()
  })
  afterEach(() => {
    jest.useRealTimers()
  })

  it('gives what came in time, and leaves no timer behind', async () => {
    expect(await withDeadline(Promise.resolve(1), 1_000, late)).toBe(1)
    expect(await refusal(withDeadline(Promise.reject(fault), 1_000, late))).toBe(fault)
    expect(jest.getTimerCount()).toBe(0)
  })

  it('rejects when the time is over, whatever comes after', async () => {
    let answer = (_: number): void => undefined
    const slow = new Promise<number>((resolve) => (answer = resolve))
    const work = refusal(withDeadline(slow, 1_000, late))
    await jest.advanceTimersByTimeAsync(1_000)
    answer(1)
    expect(await work).toEqual(late())
  })
})
