import type { Note } from '../causes'
import type { Entry, Sent } from '../given/sent'

/**
 * The parameter of this name, with a value where one has a value. Says what is wrong with how it was
 * sent.
 */
export function parameterIn(
  { parameters }: Pick<Sent, 'parameters'>,
  name: string,
  note: Note,
): Entry | undefined {
  const own = parameters.filter((each) => each.name === name)
  const listed = parameters.find((each) => each.name.startsWith(`${name}[`))
  const [first, second] = own
  const parameter = own.find(({ value }) => value.length > 0) ?? listed
  if (!parameter) {
    if (first) note('parameter-empty', first.pair, { name })
  } else if (listed) note('parameter-list', listed.pair, { name, sent: listed.name })
  else if (second) note('repeated', second.pair, { name: `The parameter "${name}"` })
  return parameter ?? first
}
