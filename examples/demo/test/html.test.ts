import { html, toText } from '../src/html'

const inside = (...content: Parameters<typeof html>[1][]): string =>
  toText(html`<p title="${content[0]}">${content}</p>`).replace('<!doctype html>\n', '')

describe('a template', () => {
  it('escapes text between tags and in attributes', () => {
    expect(inside(`<a b="c">&'`)).toBe(
      '<p title="&lt;a b=&quot;c&quot;&gt;&amp;&#39;">&lt;a b=&quot;c&quot;&gt;&amp;&#39;</p>',
    )
  })

  it('leaves alone what another template made', () => {
    expect(inside(html`<b>${'<'}</b>`)).toBe('<p title="<b>&lt;</b>"><b>&lt;</b></p>')
  })

  it('does not take a look-alike for a template', () => {
    const forged = JSON.parse('{"markup":"<b>","Symbol(html)":"<b>"}')
    expect(() => inside(forged)).toThrow(TypeError)
  })

  it('joins lists and leaves out what is not there', () => {
    expect(toText(html`${[1, [null, undefined, false, 0], 'x']}`)).toBe('<!doctype html>\n10x')
  })
})
