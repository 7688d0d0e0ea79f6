/** The same JSON in other words: how it differs, and its text. */
export interface JsonSpelling {
  readonly text: string
  readonly differs: string
}

type Way<From, To> = readonly [differs: string, write: (from: From) => To]

const pretty = (indent: number | string): Way<unknown, string> => [
  'pretty-printed',
  (value) => JSON.stringify(value, null, indent),
]

const SPACINGS: readonly Way<unknown, string>[] = [
  ['', (value) => JSON.stringify(value)],
  ['with spaces after "," and ":"', spaced],
  ...[2, 4, '\t', 1].map(pretty),
]

const ESCAPES: readonly Way<string, string>[] = [
  ['', (text) => text],
  ['with "\\u" escapes', ascii],
  ['with "\\/" for "/"', slashes],
  ['with "\\u" and "\\/" escapes', (text) => slashes(ascii(text))],
  [
    'with "<", ">" and "&" escaped',
    (text) => text.replaceAll(/[<>&]/g, (each) => `\\u00${each.charCodeAt(0).toString(16)}`),
  ],
  [
    'with "\\u" escapes',
    (text) =>
      ascii(text).replaceAll(/\\u[0-9a-f]{4}/g, (each) => `\\u${each.slice(2).toUpperCase()}`),
  ],
]

type Members = readonly (readonly [name: string, value: unknown])[]

/**
 * Every way in which the usual JSON encoders write an object.
 * @param order names of members in the order in which a portal lists them
 */
export function jsonSpellings(value: object, order: readonly string[]): readonly JsonSpelling[] {
  const place = (name: string): number =>
    order.includes(name) ? order.indexOf(name) : order.length
  const another = 'with its members in another order'
  const orders: readonly Way<Members, Members>[] = [
    ['', (all) => all],
    [another, (all) => all.toSorted(([a], [b]) => (a < b ? -1 : 1))],
    [another, (all) => all.toReversed()],
    [another, (all) => all.toSorted(([a], [b]) => place(a) - place(b))],
    ['without the members that are null', (all) => all.filter(([, each]) => each !== null)],
  ]
  return orders.flatMap(([order, arrange]) => {
    const arranged = Object.fromEntries(arrange(Object.entries(value)))
    return SPACINGS.flatMap(([spacing, write]) =>
      ESCAPES.map(([escapes, escape]) => ({
        text: escape(write(arranged)),
        differs: [spacing, escapes, order].filter((each) => each !== '').join(' and '),
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

function slashes(text: string): string {
  return text.replaceAll('/', '\\/')
}
