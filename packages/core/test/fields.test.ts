import { email, httpUrl, identifier, nonce, text } from '@countersign/core'
import { expectInvalid, expectRead } from './support/fields'

const CONTROLS = ['\0', '\n', '\r', '\t', '\u001f', '\u007f', '\u0085', '\u009f']

describe('an identifier', () => {
  const field = identifier('sub')

  it('is text of 1 to 255 characters', () => {
    expectRead(field, ['u', '0', 'a b', 'É😀', '<script>', 'x'.repeat(255)])
    expectInvalid(field, ['', 'x'.repeat(256)])
  })

  it('is a safe integer as well, which becomes its decimal text', () => {
    expect([0, 42, -7, Number.MAX_SAFE_INTEGER].map((id) => field.read(id))).toEqual([
      '0',
      '42',
      '-7',
      '9007199254740991',
    ])
    expectInvalid(field, [1.5, 2 ** 53, 1e21, NaN, Infinity])
  })

  it('is of no other type', () => {
    expectInvalid(field, [undefined, null, true, false, {}, [], ['u1'], { id: 'u1' }, 1n])
  })

  it('is not what a program writes for nobody', () => {
    const nobodies = ['null', 'undefined', 'none', 'nil', 'nan', '[object Object]']
    expectInvalid(field, nobodies)
    expectInvalid(field, ['NULL', 'None', 'NaN', 'Undefined', '[OBJECT object]'])
    expectRead(field, ['nullable', 'anil', 'none1', 'object'])
  })

  it('has no white space around it and no control characters in it', () => {
    expectInvalid(field, [' u1', 'u1 ', '\u00a0u1', 'u1\u2003', '\ufeffu1'])
    expectInvalid(
      field,
      CONTROLS.map((control) => `a${control}b`),
    )
  })

  it('is written as text', () => {
    const written = [7, 7n, 2n ** 70n, 'u7'].map((id) => field.write(id))
    expect(written).toEqual(['7', '7', '1180591620717411303424', 'u7'])
  })

  it('is written as it is where it cannot be one, for reading to refuse it', () => {
    for (const id of [NaN, 1.5, Infinity]) expectInvalid(field, [field.write(id)])
  })
})

describe('text', () => {
  it('has a longest length, 1024 unless told otherwise', () => {
    expectRead(text('name'), ['', 'x'.repeat(1_024), '  <b>"é"</b>  '])
    expectInvalid(text('name'), ['x'.repeat(1_025)])
    expectRead(text('name', 3), ['abc'])
    expectInvalid(text('name', 3), ['abcd'])
  })

  it('has no control characters, and is of no other type', () => {
    expectInvalid(text('name'), CONTROLS)
    expectInvalid(text('name'), [undefined, null, 1, true, {}, ['a']])
  })
})

describe('a nonce', () => {
  it('is text of 1 to 255 characters', () => {
    expectRead(nonce('nonce'), ['n', ' ', 'null', 'é'.repeat(255)])
    expectInvalid(nonce('nonce'), ['', 'x'.repeat(256), 7, null, undefined, 'a\nb'])
  })
})

describe('an e-mail address', () => {
  it('has one @ and nothing that breaks out of a header or a page', () => {
    expectRead(email('email'), ['a@b', 'ada+x@example.com', "o'hara@example.com", 'ü@exämple.com'])
    expectInvalid(email('email'), ['', '@', 'a@', '@b', 'a@b@c', 'ab', 'a b@c', 'a@b c', 'a@b '])
    expectInvalid(email('email'), ['<a@b>', '"a"@b', 'a@b\r\nBcc: c@d', 'a@b\u2028', 'a@b\u00a0'])
    expectInvalid(email('email'), [undefined, null, 1, {}, ['a@b']])
  })

  it('is at most 254 characters long', () => {
    expectRead(email('email'), [`${'x'.repeat(252)}@b`])
    expectInvalid(email('email'), [`${'x'.repeat(253)}@b`])
  })
})

describe('a web address', () => {
  it('is absolute, and http or https', () => {
    expectRead(httpUrl('avatar'), [
      'https://a.example/b.png?c=d#e',
      'http://[::1]:8080/',
      'HTTPS://A/',
    ])
    expectInvalid(httpUrl('avatar'), [
      '/a.png',
      '//a.example/',
      'a.example',
      '',
      'https:a',
      'https://',
    ])
    expectInvalid(httpUrl('avatar'), [
      'javascript:alert(1)',
      'data:image/png,x',
      'ftp://a/',
      'file:///a',
    ])
  })

  it('holds nothing that a URL parser would forgive', () => {
    const forgiven = ['https:\\\\a', 'https://a/\tb', ' https://a', 'https://a ', 'https://a\n/']
    expectInvalid(httpUrl('avatar'), [
      ...forgiven,
      'https://a/"onerror=',
      'https://a/<b>',
      'java\nscript:',
    ])
    expectInvalid(httpUrl('avatar'), [undefined, null, 1, {}, 'https://a:99999/', 'https://[::1/'])
  })

  it('is at most 2048 characters long', () => {
    expectRead(httpUrl('avatar'), ['https://a/'.padEnd(2_048, 'x')])
    expectInvalid(httpUrl('avatar'), ['https://a/'.padEnd(2_049, 'x')])
  })
})
