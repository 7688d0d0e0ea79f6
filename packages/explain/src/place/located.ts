import { found, some, type Found } from '../causes'
import type { Parameter, Sent } from '../given/sent'

/** Where something was found. */
export interface Located<Value> {
  /** `null` where none was found. */
  readonly value: Value | null
  /** `null` for nowhere. */
  readonly place: string | null
  readonly found: readonly Found[]
}

/** A parameter with a value, and what is wrong with how it was sent. */
export function parameterIn(
  { parameters }: Pick<Sent, 'parameters'>,
  name: string,
): { readonly parameter: Parameter | undefined; readonly found: readonly Found[] } {
  const own = parameters.filter((each) => each.name === name)
  const listed = parameters.find((each) => each.name.startsWith(`${name}[`))
  const [first, second] = own
  const parameter = own.find(({ value }) => value.length > 0) ?? listed
  if (!parameter) {
    const empty = first && found('parameter-empty', first.pair.range, { name })
    return { parameter, found: some(empty) }
  }
  const problems = some(
    listed && found('parameter-list', listed.pair.range, { name, sent: listed.name }),
    !listed && second && found('parameter-repeated', second.pair.range, { name }),
  )
  return { parameter, found: problems }
}
