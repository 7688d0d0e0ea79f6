/** Remembers values for a while, and never more than so many. */
export interface BoundedCache<Value> {
  get(key: string, now: number): Value | undefined
  set(key: string, value: Value, now: number): void
}

/**
 * The oldest entry makes room for the newest. A clock that jumped back makes entries stale, not
 * eternal.
 * @param max entries
 * @param ttl milliseconds
 */
export function boundedCache<Value>(max: number, ttl: number): BoundedCache<Value> {
  const entries = new Map<string, { readonly value: Value; readonly since: number }>()
  return {
    get(key, now) {
      const entry = entries.get(key)
      if (!entry) return undefined
      const age = now - entry.since
      return age >= 0 && age < ttl ? entry.value : undefined
    },
    set(key, value, now) {
      entries.delete(key)
      const oldest = entries.keys().next()
      if (entries.size >= max && !oldest.done) entries.delete(oldest.value)
      entries.set(key, { value, since: now })
    },
  }
}
