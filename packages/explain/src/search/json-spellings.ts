/** The same JSON in other words: how it differs, and its text. */
export interface JsonSpelling {
  readonly text: string
  readonly differs: string
}

interface Way {
  /** Empty for the usual way. */
  readonly says: string
  readonly write: (text: string) => string
}

const SPACINGS: readonly { readonly says: string; write(value: unknown): string }[] = [
  { says: '', write: (value) => JSON.stringify(value) },
  { says: 'with spaces after "," and ":"', write: (value) => spaced(value) },
  { says: 'pretty-printed', write: (value) => JSON.stringify(value, null, 2) },
  { says: 'pretty-printed', write: (value) => JSON.stringify(value, null, 4) },
  { says: 'pretty-printed', write: (value) => JSON.stringify(value, null, '\t') },
  { says: 'pretty-printed', write: (value) => JSON.stringify(value, null, 1) },
]

const ESCAPES: readonly Way[] = [
  { says: '', write: (text) => text },
  { says: 'with "\\u" escapes', write: ascii },
  { says: 'with "\\/" for "/"', write: slashes },
  { says: 'with "\\u" and "\\/" escapes', write: (text) => slashes(ascii(text)) },
  { says: 'with "<", ">" and "&" escaped', write: html },
  { says: 'with "\\u" escapes', write: (text) => ascii(text).replaceAll(/\\u[0-9a-f]{4}/g, upper) },
]

const ORDERS: readonly { readonly says: string; arrange(value: object): object }[] = [
  { says: '', arrange: (value) => value },
  { says: 'with its members in another order', arrange: sorted },
  { says: 'with its members in another order', arrange: reversed },
  { says: 'without the members that are null', arrange: withoutNulls },
]

/**
 * Every way in which the usual JSON encoders write an object.
 * @param order names of members in the order in which a portal lists them
 */
export function jsonSpellings(value: object, order: readonly string[]): readonly JsonSpelling[] {
  const orders = [
    ...ORDERS,
    { says: 'with its members in another order', arrange: (each: object) => inOrder(each, order) },
  ]
  return orders.flatMap(({ says: order1, arrange }) => {
    const arranged = arrange(value)
    return SPACINGS.flatMap(({ says: spacing, write }) =>
      ESCAPES.map((escape) => ({
        text: escape.write(write(arranged)),
        differs: [spacing, escape.says, order1].filter((each) => each !== '').join(' and '),
      })),
    )
  })
}

/** As Python's `json.dumps` writes it by default. */
function spaced(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spaced).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value).map(
    ([name, each]) => `${JSON.stringify(name)}: ${spaced(each)}`,
  )
  return `{${members.join(', ')}}`
}

function ascii(text: string): string {
  return text.replaceAll(
    /[\u007f-\uffff]/g,
    (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

function upper(escape: string): string {
  return `\\u${escape.slice(2).toUpperCase()}`
}

function slashes(text: string): string {
  return text.replaceAll('/', '\\/')
}

function html(text: string): string {
  return text.replaceAll(/[<>&]/g, (each) => `\\u00${each.charCodeAt(0).toString(16)}`)
}

function sorted(value: object): object {
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

function reversed(value: object): object {
  return Object.fromEntries(Object.entries(value).toReversed())
}

function withoutNulls(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== null))
}

function inOrder(value: object, order: readonly string[]): object {
  const place = (name: string): number =>
    order.includes(name) ? order.indexOf(name) : order.length
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => place(a) - place(b)))
}
