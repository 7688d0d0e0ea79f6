/** HTML that may be sent as it is: only `html` makes it. */
export interface Html {
  readonly [markup]: string
}

const markup: unique symbol = Symbol('html')

/** What a template may contain. Text is escaped, a list is joined, nothing is left out. */
export type Content = Html | string | number | null | undefined | false | readonly Content[]

/** A template in which every value is text, unless `html` itself made it. */
export function html(parts: TemplateStringsArray, ...values: readonly Content[]): Html {
  const text = parts.map((part, index) => (index === 0 ? part : render(values[index - 1]) + part))
  return { [markup]: text.join('') }
}

export function toText(content: Html): string {
  return content[markup]
}

function render(content: Content): string {
  if (content === null || content === undefined || content === false) return ''
  if (typeof content !== 'object') return escape(String(content))
  return markup in content ? content[markup] : content.map(render).join('')
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Safe between tags and inside quoted attributes alike. */
function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] as string) // one of these five
}
