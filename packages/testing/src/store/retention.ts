import type { Lesson } from './asked'
import { newKey, type Trial } from './trial'
import type { StoreCheck } from './lessons'

const LAST_MOMENT = Date.UTC(9999, 11, 31, 23, 59, 59, 999)

const SECOND_USE: Lesson = {
  when: 'a key that was claimed before',
  means: 'the credential can be used a second time',
  fix: 'keep an entry until its `expiresAt`, and for a minute at least',
}

const FRESH: Lesson = {
  when: 'a key that nobody has claimed',
  means: 'the credential can be used by nobody',
  fix: 'accept every `expiresAt` above 0, fractions and `Infinity` included',
}

function kept(name: string, expiresAt: (now: number) => number, fix = SECOND_USE.fix): StoreCheck {
  return [
    `keeps ${name}`,
    async ({ claim, stays, now }: Trial) => {
      const key = newKey()
      const lesson = { ...SECOND_USE, when: `${name}, a little later`, fix }
      await claim(key, expiresAt(now())).answers(true, { ...FRESH, when: `a new key, as ${name}` })
      await stays(key, lesson)
      await claim(key, now() + 60_000).answers(false, lesson)
    },
  ]
}

const AT_LEAST = 'keep an entry for a minute at least, whatever `expiresAt` says'
const NO_TIMER =
  'do not hand `expiresAt` to setTimeout: beyond 2 147 483 647 ms it fires at once. Compare with the clock instead'

function refused(name: string, expiresAt: number): StoreCheck {
  return [
    `refuses ${name} as a time`,
    async ({ claim, has }) => {
      const key = newKey()
      const when = `a new key, with ${name} as \`expiresAt\``
      await claim(key, expiresAt).refuses({
        when,
        means: 'a mistake elsewhere is taken for a use: the entry is forgotten at once, or never',
        fix: 'reject where `expiresAt > 0` does not hold',
      })
      await has(key).answers(false, {
        when: 'a key whose claim was refused',
        means: 'the credential is used up though nobody used it',
        fix: 'look at `expiresAt` before anything is written',
      })
    },
  ]
}

/** How long a store remembers. */
export const retentionChecks: readonly StoreCheck[] = [
  kept('an entry that ends in a moment', (now) => now + 1, AT_LEAST),
  kept('an entry that ended long ago', (now) => now - 86_400_000, AT_LEAST),
  kept('an entry that ends at a fraction of a millisecond', (now) => now + 60_000.25),
  kept('an entry of more than 24.8 days', (now) => now + 30 * 86_400_000, NO_TIMER),
  kept('an entry until the year 9999', () => LAST_MOMENT, NO_TIMER),
  kept('an entry for ever', () => Infinity, 'write no expiry at all for `Infinity`'),
  [
    'keeps an entry as it is when a later claim names an earlier end',
    async ({ claim, stays, now }) => {
      const key = newKey()
      const fix = 'leave the entry alone when the key is taken: its end included'
      const lesson = { ...SECOND_USE, when: 'a key that somebody tried to claim again', fix }
      await claim(key, now() + 3_600_000).answers(true, FRESH)
      await claim(key, 1).answers(false, lesson)
      await stays(key, lesson)
    },
  ],
  refused('NaN', Number.NaN),
  refused('0', 0),
  refused('a negative number', -1),
  refused('minus infinity', -Infinity),
]
