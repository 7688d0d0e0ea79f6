import { inspect } from 'node:util'
import { Rejection } from '@countersign/core'
import { createLeakScanner, errorText, objectText, secrets, wireText, type RawAnswer } from '../src'

const { leaksIn } = createLeakScanner()

describe('the scanner', () => {
  const secret = secrets[0]?.bytes as Buffer // the catalogue has three
  const raw = secret.toString('utf8')
  const odd = Buffer.from('6f2d5f2b8e7c9a3b1d4e5f60718293a4b5c6d7e8f90011223344556677889900', 'hex')

  const spellings = {
    raw,
    hex: secret.toString('hex'),
    'upper-case hex': secret.toString('hex').toUpperCase(),
    base64: secret.toString('base64'),
    base64url: secret.toString('base64url'),
    'base64 of more': Buffer.from(`key=${raw}`).toString('base64'),
    percent: raw.replace(/./g, (char) => `%${Buffer.from(char).toString('hex')}`),
    'a part of it': raw.slice(3, 27),
    'inspected bytes': inspect(secret),
    'bytes as JSON': JSON.stringify(secret),
    'inspected numbers': inspect(new Uint8Array(secret)),
  }

  it.each(Object.entries(spellings))('finds a secret in %s', (_, text) => {
    expect(leaksIn(`before ${text} after`, secrets)).toContain('secret A')
  })

  it('finds bytes that are no text', () => {
    const mac = [{ label: 'MAC', bytes: odd }]
    const texts = (['latin1', 'hex', 'base64', 'base64url'] as const).map((encoding) =>
      odd.toString(encoding),
    )
    expect([...texts, inspect(odd)].flatMap((text) => leaksIn(text, mac))).toHaveLength(5)
  })

  it('finds nothing where there is nothing', () => {
    expect(leaksIn(`${raw.slice(0, 11)} ${raw.slice(30)}`, secrets)).toEqual([])
  })

  const planted = (change: (error: Error) => unknown): Error => {
    const error = new Rejection('token_malformed')
    change(error)
    return error
  }

  it.each<[string, Error]>([
    ['message', new Error(raw)],
    ['cause', new Rejection('token_malformed', undefined, new Error(raw))],
    ['detail', new Rejection('token_malformed', raw)],
    ['property', planted((error) => Object.assign(error, { input: { deep: [secret] } }))],
    ['hidden', planted((error) => Object.defineProperty(error, 'input', { value: raw }))],
    ['symbol', planted((error) => Object.assign(error, { [Symbol(raw)]: 1 }))],
    ['stack', planted((error) => (error.stack += raw))],
  ])('finds what an error holds: %s', (_, error) => {
    expect(leaksIn(errorText(error), secrets)).toContain('secret A')
  })

  it('finds what an answer holds, in its headers and in its body', () => {
    const withA = expect.arrayContaining(['secret A'])
    const response: RawAnswer = { status: 401, rawHeaders: [], headers: {}, body: '' }
    const answers = [
      { ...response, rawHeaders: [['x-debug', raw]] as const },
      { ...response, body: JSON.stringify({ code: raw }) },
    ]
    const found = answers.map((answer) => leaksIn(wireText(answer), secrets))
    expect(found).toEqual([withA, withA])
  })

  it('finds what an object holds', () => {
    class Box {
      key: unknown = new Map([['value', secret]])
    }
    expect(leaksIn(objectText(new Box()), secrets)).toContain('secret A')
  })
})
