import { callLater, isPromise, type Awaitable } from '../awaitable'

/** Undos of one store that are tried again. */
export interface Retries {
  waiting: number
}

/** Where a store refuses everything, more of them would multiply the requests to it. */
export const MAX_RETRIES = 100

/** Gives back what was taken where one of the other keys refuses the request. */
export function orUndo(work: () => Awaitable<void>, undo: Undo): Awaitable<void> {
  const giveBack = (error: unknown): never => {
    undo(Promise.resolve())
    throw error
  }
  try {
    const result = work()
    return isPromise(result) ? result.then(undefined, giveBack) : result
  } catch (error) {
    return giveBack(error)
  }
}

/** Takes back what an answer has taken: a slow store may take the key after all, and one that failed may have taken it. */
export type Undo = (answer: PromiseLike<unknown>) => void

export function undoOf(work: () => unknown, retries: Retries): Undo {
  const belongsToOthers = (each: unknown): boolean =>
    each === false || each === 'used' || each === 'leased'
  const undone = async (): Promise<boolean> => {
    await work()
    return true
  }
  return (answer) => {
    Promise.resolve(answer)
      .then(belongsToOthers, () => false)
      .then((isOthers) => isOthers || undone())
      .catch(() => again(undone, retries))
  }
}

async function again(undone: () => Promise<boolean>, retries: Retries): Promise<void> {
  if (retries.waiting >= MAX_RETRIES) return
  retries.waiting++
  await retried(() => undone().catch(() => undefined), performance.now() + UNDONE_AFTER)
  retries.waiting--
}

/** For how long an undo that fails is tried again, in milliseconds. */
const UNDONE_AFTER = 10_000

/** The first pause before the store is asked again, in milliseconds. Each pause doubles, up to the last. */
const FIRST_PAUSE = 50
const LAST_PAUSE = 2_000

/**
 * Tries until there is a result.
 * @param attempt returns `undefined` to be tried again
 * @param giveUpAt by `performance.now()`
 */
export async function retried<Result>(
  attempt: () => Promise<Result | undefined>,
  giveUpAt: number,
): Promise<Result | undefined> {
  for (let pause = FIRST_PAUSE; ; pause = Math.min(2 * pause, LAST_PAUSE)) {
    await new Promise<void>((resolve) => void callLater(resolve, pause))
    const result = await attempt()
    if (result !== undefined || performance.now() > giveUpAt) return result
  }
}
