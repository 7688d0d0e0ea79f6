import { isPromise } from '@countersign/core'
import { callLater } from '../src/awaitable'

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

  it('is no object that throws when it is asked', () => {
    const { proxy, revoke } = Proxy.revocable({}, {})
    revoke()
    expect(isPromise(proxy)).toBe(false)
  })
})

describe('a call for later', () => {
  it('keeps no process alive', () => {
    const timer = callLater(() => undefined, 1_000)
    expect(timer.hasRef()).toBe(false)
    clearTimeout(timer)
  })

  it('is possible where a timer is a number, as in some Workers', () => {
    const original = globalThis.setTimeout
    globalThis.setTimeout = (() => 7) as never // has no `unref`
    try {
      expect(callLater(() => undefined, 1_000)).toBe(7)
    } finally {
      globalThis.setTimeout = original
    }
  })
})
