import { isMisspelt, nearest } from '../src/spelling'

describe('the nearest known name', () => {
  const known = ['clockTolerance', 'maxLifetime', 'subscriptionId', 'now', 'email', 'id']

  it.each([
    ['clocktolerance', 'clockTolerance'],
    ['maxLifteime', 'maxLifetime'], // two neighbours exchanged
    ['nwo', 'now'],
    ['tolerance', undefined],
    ['expiresIn', undefined],
    ['di', undefined],
    ['', undefined],
  ])('to "%s" is %s', (name, meant) => {
    expect(nearest(name, known)).toBe(meant)
  })

  it('is none without known names', () => {
    expect(nearest('email', [])).toBeUndefined()
  })
})

describe('a name', () => {
  it.each([
    ['Name', 'name'],
    ['subscription_ID', 'subscriptionId'],
    ['emial', 'email'], // two neighbours exchanged
    ['mail', 'email'],
    ['emai', 'email'],
    ['nam', 'name'],
  ])('"%s" is a misspelt "%s"', (name, known) => {
    expect(isMisspelt(name, known)).toBe(true)
  })

  it.each([
    ['fname', 'name'],
    ['names', 'name'],
    ['game', 'name'],
    ['mane', 'name'], // the same letters, but no neighbours are exchanged
    ['ml', 'email'],
    ['i', 'id'],
    ['', 'id'],
  ])('"%s" is a word beside "%s"', (name, known) => {
    expect(isMisspelt(name, known)).toBe(false)
  })
})
