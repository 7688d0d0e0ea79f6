import fc from 'fast-check'
import { explain } from '../src'
import {
  everyPortal,
  NAMES,
  portals,
  retentionOf,
  secret,
  signedFor,
  type Name,
} from './support/portals'
import { causesOf, NOW, RIGHT, signedBy, WRONG, type Wrong } from './support/signer'

/** Characters that encoders treat in different ways are frequent. */
const name = fc.string({
  unit: fc.constantFrom('a', 'é', '/', '<', '&', '"', '😀', '~', '?', '>'),
  minLength: 1,
  maxLength: 12,
})
const person = fc.record({ id: fc.stringMatching(/^[a-zA-Z0-9_]{1,20}[a-z]$/), name })
const steps = Object.keys(WRONG) as (keyof Wrong)[] // its own names

/** At most two of the secret, the MAC and what is signed are wrong. */
const wrongs: fc.Arbitrary<Wrong> = fc
  .subarray(steps, { maxLength: 4 })
  .filter((chosen) => !(['secret', 'mac', 'input'] as const).every((step) => chosen.includes(step)))
  .chain((chosen) => {
    const choices = chosen.map((step) => [step, fc.constantFrom(...WRONG[step])])
    return fc.record(
      Object.fromEntries(choices) as { [Step in keyof Wrong]: fc.Arbitrary<Wrong[Step]> },
    ) // of these steps
  })
  .map((chosen) => ({ ...RIGHT, ...chosen }))

const explained = (portal: Name, given: string) =>
  explain(given, { portal: portals[portal], secret, now: NOW })

describe.each(NAMES)('an explanation for %s', (portal) => {
  it('names every mistake once, and nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(person, wrongs, async (who, wrong) => {
        const { verdict, causes } = await explained(portal, signedBy(portal, who, wrong))
        const ids = causes.map(({ id }) => id).toSorted()
        expect(ids).toEqual(causesOf(wrong).toSorted())
        expect(verdict).toBe(ids.length === 0 ? 'accepted' : 'refused')
      }),
      { numRuns: 15 },
    )
  })

  it('never fails, whatever is given', async () => {
    const part = fc.oneof(
      fc.string(),
      fc.constantFrom(
        'curl ',
        "'",
        '{"url":"',
        'GET / HTTP/1.1',
        '?token=',
        '\n',
        'Authorization: Bearer ',
        '.',
        '%',
        '=',
        '"}',
      ),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 6 }), async (parts) => {
        const { verdict, causes } = await explained(portal, parts.join(''))
        expect([verdict, causes.length > 0]).toEqual(['refused', true])
      }),
      { numRuns: 10 },
    )
  })
})

it.each(everyPortal)('has a cause for every damage of a credential of %s', async (_, portal) => {
  const sent = await signedFor(portal, NOW)
  const options = { portal, secret, now: NOW, ...retentionOf(portal) }
  const place = fc.nat({ max: sent.length - 1 })
  await fc.assert(
    fc.asyncProperty(place, fc.constantFrom('', 'A', '.', '%', '\n', 'é'), async (at, text) => {
      const given = sent.slice(0, at) + text + sent.slice(at + 1)
      const { verdict, causes, decoded } = await explain(given, options)
      expect(causes.length > 0).toBe(verdict === 'refused')
      expect(causes.filter(({ id }) => id === 'unexplained')).toEqual([])
      for (const { range } of causes) {
        expect(range[0]).toBeLessThanOrEqual(range[1])
        expect(range[1]).toBeLessThanOrEqual(decoded.text.length)
      }
    }),
    { numRuns: 5 },
  )
})
