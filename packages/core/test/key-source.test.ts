import { isTenantId, keySource, LOOKUP_DEADLINE, LOOKUP_TTL } from '../src/key-source'
import { expectMisconfigured, expectRejection, refusal } from './support/errors'
import { NOW } from './support/request'
import { CURRENT, PREVIOUS } from './support/secrets'

describe('where keys come from', () => {
  it('knows at once what was given at once', async () => {
    const { known, keysOf } = keySource('link', [CURRENT, { id: 'old', value: PREVIOUS }])
    expect(known?.map(({ id }) => id)).toEqual([null, 'old'])
    expect(keysOf('anyone', NOW)).toBe(known)
    expect(Object.isFrozen(known)).toBe(true)
  })

  it('knows nothing before a lookup was asked', async () => {
    const lookup = jest.fn(() => CURRENT)
    expect(keySource('link', lookup).known).toBeNull()
    expect(lookup).not.toHaveBeenCalled()
  })

  it('answers without a promise where the lookup does', () => {
    const { keysOf } = keySource('link', () => [CURRENT, PREVIOUS])
    expect(keysOf(null, NOW)).toHaveLength(2)
  })

  it('asks with no tenant where one secret serves all, and apart from every tenant', async () => {
    const lookup = jest.fn(() => CURRENT)
    const { keysOf } = keySource('link', lookup)
    await keysOf(null, NOW)
    await keysOf(null, NOW)
    await keysOf('demo', NOW)
    expect(lookup.mock.calls).toEqual([
      [{ tenant: null, scheme: 'link' }],
      [{ tenant: 'demo', scheme: 'link' }],
    ])
  })

  it('tells the log, and nobody else, why it failed', async () => {
    const fault = new Error('no connection')
    const { keysOf } = keySource('link', () => Promise.reject(fault))
    const error = await refusal(Promise.resolve(keysOf('demo', NOW)))
    expectRejection(error, 'secret_unavailable')
    expect(error).toMatchObject({
      message: 'Service unavailable',
      cause: fault,
      detail: 'the lookup of a secret failed',
    })
  })

  it('does not ask late answers back in', async () => {
    jest.useFakeTimers()
    try {
      let answer = (_: string): void => undefined
      const lookup = jest.fn(() => new Promise<string>((resolve) => (answer = resolve)))
      const { keysOf } = keySource('link', lookup)
      const first = refusal(Promise.resolve(keysOf('demo', NOW)))
      await jest.advanceTimersByTimeAsync(LOOKUP_DEADLINE)
      expectRejection(await first, 'secret_unavailable')
      answer(CURRENT)
      await jest.advanceTimersByTimeAsync(0)
      void refusal(Promise.resolve(keysOf('demo', NOW)))
      expect(lookup).toHaveBeenCalledTimes(2)
    } finally {
      jest.useRealTimers()
    }
  })

  it('refuses a bad secret at once where it can be seen', () => {
    expectMisconfigured(() => keySource('link', undefined), 'secret_missing')
    expectMisconfigured(() => keySource('link', Array<string>(9).fill(CURRENT)), 'too_many_secrets')
  })

  it('waits two seconds and believes a minute', () => {
    expect([LOOKUP_DEADLINE, LOOKUP_TTL]).toEqual([2_000, 60_000])
  })
})

describe('the name of a tenant', () => {
  it('is 1 to 255 letters, digits, hyphens and underscores', () => {
    for (const name of ['a', 'Z_9-', '0', 'a'.repeat(255)]) expect(isTenantId(name)).toBe(true)
    const others = [
      '',
      'a'.repeat(256),
      'a b',
      'a/b',
      '.',
      'é',
      'a\n',
      '__proto__\0',
      null,
      undefined,
      7,
      {},
      ['a'],
    ]
    for (const other of others) expect(isTenantId(other)).toBe(false)
  })
})
