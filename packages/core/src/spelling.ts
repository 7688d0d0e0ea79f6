/** The name among `known` that a misspelt name probably means: at most a third of it differs. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const plain = spelledPlainly(name)
  const most = Math.max(1, Math.floor(name.length / 3))
  const distances = known.map((each) => ({
    each,
    distance: editDistance(plain, spelledPlainly(each)),
  }))
  const [best] = distances.toSorted((a, b) => a.distance - b.distance)
  const isNear = best && best.distance <= most && best.distance < plain.length / 2
  return isNear ? best.each : undefined
}

/**
 * Whether a name can hardly be another word: it differs in case or separators, two neighbours are
 * exchanged, or a letter is left out. `names`, `fname` and `game` are words beside `name`.
 */
export function isMisspelt(name: string, known: string): boolean {
  const [given, meant] = [spelledPlainly(name), spelledPlainly(known)]
  const isShorter = given.length < meant.length
  if (isShorter) return given.length > 2 && editDistance(given, meant) === 1
  return (
    [...given].toSorted().join('') === [...meant].toSorted().join('') &&
    editDistance(given, meant) <= 1
  )
}

/** `subscription_id` and `subscriptionID` differ from `subscriptionId` in nothing that is spoken. */
function spelledPlainly(name: string): string {
  return name.replace(/[-_]/g, '').toLowerCase()
}

/** The edits between two words; exchanging two neighbours is one (optimal string alignment). */
function editDistance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, index) => index)]
  const cost = (i: number, j: number): number => rows[i]?.[j] ?? Infinity
  for (let i = 1; i <= a.length; i++) {
    const row = (rows[i] = [i])
    for (let j = 1; j <= b.length; j++) {
      const replaced = cost(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const isSwap = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const swapped = isSwap ? cost(i - 2, j - 2) + 1 : Infinity
      row.push(Math.min(replaced, swapped, cost(i - 1, j) + 1, cost(i, j - 1) + 1))
    }
  }
  return cost(a.length, b.length)
}
