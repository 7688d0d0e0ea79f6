import { locate } from '../src/given/locate'

const [A, B] = ['a'.repeat(16), 'b'.repeat(16)]

it.each<[string, string, string, string]>([
  ['as it is', '?token=a+b', 'a+b', 'a+b'],
  ['percent-encoded', '?sig=a%2Bb', 'a+b', 'a%2Bb'],
  ['percent-encoded in small letters', '?sig=a%2bb', 'a+b', 'a%2bb'],
  ['percent-encoded twice', '?sig=a%252Bb', 'a+b', 'a%252Bb'],
  ['in a form', 'name=Ada+%C3%A9', 'Ada é', 'Ada+%C3%A9'],
  ['with a space for a plus', '?sig=a b', 'a+b', 'a b'],
  ['quoted for a shell', String.raw`-d 'it'\''s'`, "it's", String.raw`it'\''s`],
  ['in JSON', String.raw`{"body":"{\"a\":1}"}`, '{"a":1}', String.raw`{\"a\":1}`],
  ['in JSON of PHP', String.raw`{"body":"\"a\/b"}`, '"a/b', String.raw`\"a\/b`],
  ['in JSON of Python', String.raw`{"body":"a\u00e9"}`, 'aé', String.raw`a\u00e9`],
  ['with a line break in it', `?${A}\n${B}&`, A + B, `${A}\n${B}`],
  ['nowhere', 'short', 'other', 'short'],
])('finds a part of what was given %s', (_, given, part, found) => {
  expect(given.slice(...locate(given, part))).toBe(found)
})

it('finds a part of a part, however it is spelled', () => {
  const given = '?sig=x%2By&sig=z'
  expect(given.slice(...locate(given, ['x+y', 1, 2]))).toBe('%2B')
  expect(given.slice(...locate(given, ['x+y', 2]))).toBe('y')
  const mixed = `?sig=${A}%3D${A}+${B}` // one of two was encoded
  expect(mixed.slice(...locate(mixed, [`${A}=${A}+${B}`, 33, 34]))).toBe('+')
})
