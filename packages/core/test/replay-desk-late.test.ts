import type { Rejection } from '@countersign/core'
import { replayDesk } from '../src/replay-desk'
import { settled } from './support/process'
import { storeOf, type StoreParts } from './support/store'

const DEADLINE = 500

/** Reserves a key. @returns `passed`, or status and code of the refusal */
async function reserved(parts: StoreParts): Promise<string> {
  const desk = replayDesk(storeOf(parts), DEADLINE)
  return desk.reserve('k', { owner: 'me', duration: 30_000 }).then(
    () => 'passed',
    (error: Rejection) => `${error.status} ${error.code}`,
  )
}

describe('a reservation whose answer nobody heard', () => {
  /** Reserves through a store whose answer a test gives when it likes. */
  async function lost(
    answer: (give: { resolve(state: unknown): void; reject(error: Error): void }) => void,
  ): Promise<readonly (readonly unknown[])[]> {
    jest.useFakeTimers()
    try {
      const release = jest.fn(async () => true)
      let give!: Parameters<typeof answer>[0]
      const reserve = () => new Promise((resolve, reject) => (give = { resolve, reject }))
      const work = reserved({ reserve, release })
      await jest.advanceTimersByTimeAsync(DEADLINE)
      expect(await work).toBe('503 store_unavailable')
      expect(release).not.toHaveBeenCalled()
      answer(give)
      await jest.advanceTimersByTimeAsync(0)
      return release.mock.calls
    } finally {
      jest.useRealTimers()
    }
  }

  it('is given back when it was made too late', async () => {
    expect(await lost(({ resolve }) => resolve('free'))).toEqual([['k', 'me']])
  })

  it('is given back when it failed late, for it may have been made', async () => {
    expect(await lost(({ reject }) => reject(new Error('connection lost')))).toEqual([['k', 'me']])
  })

  it.each(['leased', 'used'])(
    'is left alone where somebody else has the key: %s',
    async (state) => {
      expect(await lost(({ resolve }) => resolve(state))).toEqual([])
    },
  )

  it('is given back when the store failed or was unclear in good time', async () => {
    for (const reserve of [() => Promise.reject(new Error('lost')), async () => 'OK']) {
      const release = jest.fn(async () => true)
      expect(await reserved({ reserve, release })).toBe('503 store_unavailable')
      await settled()
      expect(release.mock.calls).toEqual([['k', 'me']])
    }
  })

  it('was never made where the store threw at once, and is not given back', async () => {
    const release = jest.fn(async () => true)
    const reserve = (): never => {
      throw new Error('closed')
    }
    expect(await reserved({ reserve, release })).toBe('503 store_unavailable')
    await settled()
    expect(release).not.toHaveBeenCalled()
  })

  it.each([
    ['rejects', () => Promise.reject(new Error('still down'))],
    [
      'throws',
      () => {
        throw new Error('still down')
      },
    ],
  ])('ends with its lease where giving it back %s', async (_what, release) => {
    const reserve = async (): Promise<unknown> => Promise.reject(new Error('down'))
    expect(await reserved({ reserve, release })).toBe('503 store_unavailable')
    await settled() // an unhandled rejection would fail the run
  })
})
