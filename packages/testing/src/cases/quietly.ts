/** What runs now. */
const running = new Set<object>()

/**
 * Guards in this process do not report the refusals that cases cause, unless `COUNTERSIGN_DEBUG` is set
 * to something else.
 */
export async function quietly<Value>(work: () => Promise<Value>): Promise<Value> {
  const { env } = process
  const isOurs = running.size > 0 || env['COUNTERSIGN_DEBUG'] === undefined
  if (!isOurs) return work()
  env['COUNTERSIGN_DEBUG'] = '0'
  running.add(work)
  try {
    return await work()
  } finally {
    running.delete(work)
    if (running.size === 0) delete env['COUNTERSIGN_DEBUG']
  }
}
