import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ReplayStore } from '@countersign/core'
import { transformSync } from 'esbuild'
import type { Clock, referenceStore } from './reference'

/** A store with one fault. */
export interface Broken {
  /** Completes the sentence "a store that …". */
  readonly name: string
  /** The names of the cases that must fail. */
  readonly caughtBy: readonly string[]
  open(clock: Clock): ReplayStore
}

const source = readFileSync(join(__dirname, 'reference.ts'), 'utf8')

/** The next turn of the event loop: another caller's. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/**
 * Changes the text of the reference store.
 * @param rows replacements of `find`, and the cases that they fail, by name
 * @throws Error where the reference does not have the text: a change that changes nothing proves nothing
 */
function changes(find: string, rows: Readonly<Record<string, string>>): readonly Broken[] {
  if (source.split(find).length !== 2) throw new Error(`The store has not exactly one: ${find}`)
  return Object.entries(rows).map(([name, row]) => {
    const [replace = '', caughtBy = ''] = row.split(' ¦ ')
    const text = source.replace(find, () => replace)
    const { code } = transformSync(text, { loader: 'ts', format: 'cjs' })
    // oxlint-disable-next-line typescript/no-implied-eval -- the code is our own
    const load = new Function('module', 'turn', 'memo', `${code}\nreturn module.exports`)
    const open = (clock: Clock) =>
      (load({}, turn, new Map()) as { referenceStore: typeof referenceStore }) // what the file exports
        .referenceStore(clock)
    return { name, caughtBy: caughtBy.split(' + '), open }
  })
}

const FIRST = 'answers true to the first claim of a key and false to all later ones'
const ONE_OF_64 = 'has one winner among 64 claims of a key at the same time'
const LOOKED_UP = 'finds a key that is claimed, and claims none that is only looked up'
const SIMILAR = 'distinguishes keys that differ in one character'
const ENDS_SOON = 'keeps an entry that ends in a moment'
const NO_TIME = 'refuses what is no time'
const BACK = 'gives a late claim back to its owner only'
const TAKEN = 'counts a leased key as taken'
const RESERVED = 'reserves a free key for one owner and not for another'
const FINAL = 'makes a lease final for its owner, as often as the owner asks'
const RELEASED = 'releases a key for its owner, once'
const OBEYS = 'obeys the owner of a lease and no other, and compares every letter'
const NEXT = 'obeys the next owner when a lease has ended'
const UNTIL = 'Math.max(end, now() + 60_000)'
const CHECK = 'if (!(end > 0))'
const RELEASE = 'if (!held || held.isFinal || isOther(held, owner)) return false'

/** Stores that are wrong in one way each. */
export const broken: readonly Broken[] = [
  ...changes('if (live(key)) return false\n      return keep(key, owner, expiresAt)', {
    'looks first and takes later': `return live(key) ? false : turn().then(() => keep(key, owner, expiresAt)) ¦ ${ONE_OF_64}`,
    'says true to no one when many ask': `memo.set(key, (memo.get(key) ?? 0) + 1)
      return !live(key) && turn().then(() => memo.get(key) === 1 && keep(key, owner, expiresAt)) ¦ ${ONE_OF_64}`,
    'always says true': `return keep(key, owner, expiresAt) ¦ ${FIRST}`,
    'never says true': `return false ¦ ${FIRST}`,
    'answers as Redis does': `return live(key) ? null : keep(key, owner, expiresAt) && 'OK' ¦ ${FIRST}`,
    'answers with a row count': `return Number(!live(key) && keep(key, owner, expiresAt)) ¦ ${FIRST}`,
    'handles one key at a time':
      "memo.set('', key); return turn().then(() => !live(memo.get('')) && keep(memo.get(''), owner, expiresAt)) ¦ accepts 64 claims of different keys at the same time",
    'lets a later claim set the end':
      'return live(key) ? !entries.set(key, { ...live(key), until: expiresAt }) : keep(key, owner, expiresAt) ¦ keeps an entry when a later claim names an earlier end',
    'claims what is leased': `return !live(key)?.isFinal && keep(key, owner, expiresAt) ¦ ${TAKEN}`,
    'lets a claim and a lease in at the same time':
      'return !live(key) && turn().then(() => true) ¦ has one winner among 64 who claim or reserve a key at the same time',
    'cannot claim after a lease':
      'return !entries.has(key) && keep(key, owner, expiresAt) ¦ accepts the claim of a key whose lease has ended',
  }),
  ...changes('return live(key) !== undefined', {
    'answers with a count when a key is looked up': `return live(key) ? 1 : 0 ¦ ${LOOKED_UP}`,
    'takes a key that is looked up': `return Boolean(live(key)) || !keep(key, '', Infinity) ¦ ${LOOKED_UP}`,
    'knows a key only once': `return Boolean(live(key)) && !memo.has(key) && Boolean(memo.set(key)) ¦ ${LOOKED_UP}`,
    'does not know what it took': `return false ¦ ${LOOKED_UP}`,
    'has only what is used for good': `return live(key)?.isFinal === true ¦ ${TAKEN}`,
  }),
  ...changes('=> key\n', {
    'ignores the case of letters': `=> key.toLowerCase()\n ¦ ${SIMILAR}`,
    'keeps the beginning of a key': `=> key.slice(0, 40)\n ¦ ${SIMILAR}`,
    'confuses punctuation': `=> key.replaceAll(/[-_]/g, '~')\n ¦ ${SIMILAR}`,
  }),
  ...changes('durable: true', {
    'does not say whether it is durable':
      'durable: undefined ¦ says whether it is durable, and is tested with all that it has',
  }),
  ...changes(UNTIL, {
    'keeps an entry for as long as it is told and no longer': `end ¦ ${ENDS_SOON}`,
    'keeps an entry for less than a minute': `Math.max(end, now() + 50_000) ¦ ${ENDS_SOON}`,
    'forgets what has ended': `end < now() ? 0 : ${UNTIL} ¦ keeps an entry that ended long ago`,
    'forgets by a timer': `end - now() > 2 ** 31 - 1 ? 0 : ${UNTIL} ¦ keeps an entry for longer than the longest timer`,
    'has no dates after 2038': `end > 2 ** 41 && end < Infinity ? 0 : ${UNTIL} ¦ keeps an entry until the year 9999`,
    'takes Infinity for a day at most': `end === Infinity ? now() : ${UNTIL} ¦ keeps an entry for ever`,
    'needs whole milliseconds': `end === Infinity ? end : Math.max(Number(BigInt(end)), now() + 60_000) ¦ keeps an entry that ends at a fraction of a millisecond`,
    'counts lifetimes in seconds instead of milliseconds':
      'now() + 60 ¦ remembers keys for more than a second',
    'forgets its oldest keys': `${UNTIL}; if (entries.size > 1_000) entries.delete(entries.keys().next().value) ¦ forgets no key to make room for others`,
  }),
  ...['NaN', '0', '-1', '-Infinity'].flatMap((time) =>
    changes(CHECK, {
      [`takes ${time} for a time`]: `if (Object.is(end, ${time})) end = 1; ${CHECK} ¦ ${NO_TIME}`,
    }),
  ),
  ...changes("throw new TypeError('no time')", {
    'uses a key up that it refuses': `throw keep(key, owner, 1) && new TypeError('no time') ¦ ${NO_TIME}`,
  }),
  ...changes('live(key)?.owner === owner', {
    'gives a claim back to anyone': `live(key) ¦ ${BACK}`,
    'gives no claim back': `false ¦ ${BACK}`,
  }),
  ...changes('if (held && (held.isFinal || isOther(held, owner)))', {
    'reserves for everyone': `if (false) ¦ ${RESERVED}`,
    'keeps an owner out who asks twice': `if (held) ¦ ${RESERVED}`,
    'looks first and reserves later':
      "if (!held) return turn().then(() => entries.set(key, { owner, until: uptime() + duration }) && 'free'); else ¦ has one winner among 64 owners who reserve a key at the same time",
  }),
  ...changes("return !held ? 'free' : held.isFinal ? 'used' : 'leased'", {
    'does not tell of leases': `return held?.isFinal ? 'used' : 'free' ¦ ${TAKEN}`,
    'answers in words of its own': `return !held ¦ ${TAKEN}`,
    'keeps claims and leases apart':
      "return !held?.owner ? 'free' : held.isFinal ? 'used' : 'leased' ¦ counts a claimed key as used",
  }),
  ...changes('if (held && isOther(held, owner)) return false', {
    'forgets who made it final': `if (held && (held.isFinal || isOther(held, owner))) return false ¦ ${FINAL}`,
    'makes final for anyone': ` ¦ ${OBEYS} + ${NEXT}`,
    'does not count what came late':
      'if (!held || isOther(held, owner)) return false ¦ makes a lease final that has ended, if no one else has the key',
  }),
  ...changes(RELEASE, {
    'releases nothing': `return held !== undefined ¦ ${RELEASED}`,
    'says that it released what it had not': `${RELEASE.replace('false', 'true')} ¦ ${RELEASED}`,
    'releases for anyone': `if (!held || held.isFinal) return false ¦ ${OBEYS} + ${NEXT}`,
    'makes what was used for good free again':
      'if (!held || isOther(held, owner)) return false ¦ releases no key that was used for good',
    'keeps one lease for each owner': `${RELEASE}
        for (const [each, { owner: theirs }] of entries) if (theirs === owner) entries.delete(each)
        return true ¦ keeps the leases of different keys apart`,
  }),
  ...changes('held.owner !== owner\n', {
    'ignores the case of owners': `held.owner.toLowerCase() !== owner.toLowerCase()\n ¦ ${OBEYS}`,
  }),
  ...changes('uptime() + duration', {
    'never ends a lease': 'Infinity ¦ frees a key whose lease has ended',
    'needs whole milliseconds for a lease': `uptime() + Number(BigInt(duration)) ¦ ${RESERVED}`,
  }),
  ...changes('return keep(key, owner, end)', {
    'forgets a use that has ended':
      'return end <= now() ? entries.delete(key) : keep(key, owner, end) ¦ keeps a final entry that ended long ago',
    'forgets a use by a timer':
      'return end < Infinity && end - now() > 2 ** 31 - 1 ? entries.delete(key) : keep(key, owner, end) ¦ keeps a final entry for longer than the longest timer',
    'forgets a use without an end':
      'return end === Infinity ? entries.delete(key) : keep(key, owner, end) ¦ keeps a final entry for ever',
    'takes NaN for an end': `return keep(key, owner, end || 1) ¦ refuses to make a lease final until NaN`,
  }),
]
