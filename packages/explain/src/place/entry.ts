import type { Apart } from '../apart/apart'
import type { Note } from '../causes'
import type { Entry } from '../given/sent'

/** Where a credential was found, and ways to read it, the likeliest first; `null` for nowhere. */
export interface Located {
  readonly place: string | null
  readonly ways: readonly Apart[]
}

/**
 * The entry of this name, with a value where one has a value. Says what is wrong with how it was
 * sent.
 */
export function entryOf(
  entries: readonly Entry[],
  name: string,
  what: 'parameter' | 'header' | 'field',
  note: Note,
): Entry | undefined {
  const own = entries.filter((each) => each.name === name)
  const listed = entries.find((each) => each.name.startsWith(`${name}[`))
  const [first, second] = own
  const entry = own.find(({ value }) => value.length > 0) ?? listed
  const facts = { name: `The ${what} "${name}"` }
  if (!entry) {
    if (first) note('part-empty', first.pair, facts)
  } else if (listed) note('part-list', listed.pair, { ...facts, sent: listed.name })
  else if (second) note('repeated', second.pair, facts)
  return entry ?? first
}
