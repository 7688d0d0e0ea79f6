type Members = readonly (readonly [name: string, value: unknown])[]

const SPACINGS: readonly (readonly [differs: string, write: (value: unknown) => string])[] = [
  ['', (value) => JSON.stringify(value)],
  ['with spaces after "," and ":"', spaced],
  ...[2, 4, '\t', 1].map(
    (indent) =>
      ['pretty-printed', (value: unknown) => JSON.stringify(value, null, indent)] as const,
  ),
]

const ESCAPES: readonly (readonly [differs: string, escape: (text: string) => string])[] = [
  ['', (text) => text],
  ['with "\\u" escapes', ascii],
  ['with "\\/" for "/"', slashes],
  ['with "\\u" and "\\/" escapes', (text) => slashes(ascii(text))],
  ['with "<", ">" and "&" escaped', (text) => text.replaceAll(/[<>&]/g, escaped)],
  [
    'with "\\u" escapes',
    (text) =>
      text.replaceAll(/[\u007f-\uffff]/g, (each) => `\\u${escaped(each).slice(2).toUpperCase()}`),
  ],
]

/**
 * Every way in which the usual JSON encoders write an object.
 * @param names members in the order in which a portal lists them
 * @returns each text, and how it differs
 */
export function jsonSpellings(
  value: object,
  names: readonly string[],
): readonly { readonly text: string; readonly differs: string }[] {
  const members: Members = Object.entries(value)
  const place = (name: string): number => (names.includes(name) ? names.indexOf(name) : Infinity)
  const another = 'with its members in another order'
  const orders: readonly (readonly [differs: string, members: Members])[] = [
    ['', members],
    [another, members.toSorted(([a], [b]) => (a < b ? -1 : 1))],
    [another, members.toReversed()],
    [another, members.toSorted(([a], [b]) => place(a) - place(b) || 0)],
    ['without the members that are null', members.filter(([, each]) => each !== null)],
  ]
  return orders.flatMap(([order, arranged]) =>
    SPACINGS.flatMap(([spacing, write]) => {
      const text = write(Object.fromEntries(arranged))
      return ESCAPES.map(([escapes, escape]) => ({
        text: escape(text),
        differs: [spacing, escapes, order].filter((each) => each !== '').join(' and '),
      }))
    }),
  )
}

/** As Python's `json.dumps` writes it by default. */
function spaced(value: unknown): string {
  return JSON.stringify(value, null, 1).replaceAll(/,\n */g, ', ').replaceAll(/\n */g, '')
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

function ascii(text: string): string {
  return text.replaceAll(/[\u007f-\uffff]/g, escaped)
}

function slashes(text: string): string {
  return text.replaceAll('/', '\\/')
}
