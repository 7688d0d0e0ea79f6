/** Counts what nobody in this process handled. */
export function watchUnhandled(): { count(): number; stop(): void } {
  let count = 0
  const add = (): void => void count++
  process.on('unhandledRejection', add).on('uncaughtException', add)
  return {
    count: () => count,
    stop: () => void process.off('unhandledRejection', add).off('uncaughtException', add),
  }
}
