import { randomBytes } from 'node:crypto'
import type { ReplayStore } from '@countersign/core'

/** How many claims wait at once. */
const AT_ONCE = 64
const WEEK = 7 * 24 * 3_600_000

/** In how many parts keys are claimed. */
const PARTS = 5

/** Claims so many new keys for a week. @returns claims a second, in each fifth of them */
export async function claimMany(store: ReplayStore, count: number): Promise<readonly number[]> {
  const rates: number[] = []
  for (let part = 0; part < PARTS; part++) {
    rates.push(await takeMany(count / PARTS, async (key) => store.claim(key, Date.now() + WEEK)))
  }
  return rates
}

/** As `claimMany`, but each has ended as soon as it was taken. */
export function passMany(
  store: ReplayStore & Required<Pick<ReplayStore, 'leases'>>,
  count: number,
): Promise<number> {
  const lease = { owner: 'nobody for long', duration: 1 }
  return takeMany(count, async (key) => (await store.leases.reserve(key, lease)) === 'free')
}

async function takeMany(count: number, take: (key: string) => Promise<boolean>): Promise<number> {
  const began = performance.now()
  let left = count
  async function takeSome(): Promise<void> {
    while (left-- > 0) {
      if (!(await take(randomBytes(32).toString('base64url')))) {
        throw new Error('A new key was taken')
      }
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, takeSome))
  return (count / (performance.now() - began)) * 1_000
}
