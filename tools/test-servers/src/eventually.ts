import { setTimeout as pause } from 'node:timers/promises'

/** Asks again and again until the answer is neither false nor missing. Throws after `within` milliseconds. */
export async function eventually<Answer>(
  ask: () => Answer | Promise<Answer>,
  within = 20_000,
): Promise<Exclude<Answer, false | null | undefined>> {
  const end = performance.now() + within
  while (performance.now() < end) {
    const answer = await ask()
    if (answer !== false && answer !== null && answer !== undefined) {
      return answer as Exclude<Answer, false | null | undefined> // just looked
    }
    await pause(10)
  }
  throw new Error(`It did not come true within ${within} ms: ${ask.toString()}`)
}
