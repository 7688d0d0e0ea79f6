import { clearTimeout, setTimeout } from 'node:timers'

/** @param giveUp called when the work took longer than `deadline` milliseconds */
export function withDeadline<Value>(
  work: Promise<Value>,
  deadline: number,
  giveUp: () => void,
): Promise<Value> {
  let timer: NodeJS.Timeout
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      giveUp()
      reject(new Error(`No complete answer within ${deadline} ms`))
    }, deadline)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}
