/** A case: its name, its steps (see `Trial.run`) and what a wrong answer means → what to change. */
export interface StoreCase {
  readonly name: string
  readonly lesson: string
  readonly steps: string
}

/** Steps by the name of their case, by their lesson. */
type Lessons = Readonly<Record<string, Readonly<Record<string, string>>>>

function cases(lessons: Lessons): readonly StoreCase[] {
  return Object.entries(lessons).flatMap(([lesson, table]) =>
    Object.entries(table).map(([name, steps]) => ({ name, lesson, steps })),
  )
}

const NO_TIME =
  'a mistake elsewhere counts as a use: the entry is forgotten immediately, or never → throw where `expiresAt > 0` does not hold, before anything is written'

/** What every store must do. */
export const CLAIMS = cases({
  'no guard accepts a store whose `durable` is not a boolean, and leases that are not tested may not work → set `durable` to whether its memory survives a restart; pass `leases: true` exactly if it has leases':
    { 'says whether it is durable, and is tested with all that it has': 'description' },
  'a credential can be used twice, or not at all → decide in one atomic step, as SET … NX or INSERT … ON CONFLICT DO NOTHING do, and answer true to the first caller only: `reply === "OK"`, `rowCount === 1`':
    {
      'answers true to the first claim of a key and false to all later ones':
        'claim → true, claim → false, claim → false',
      'has one winner among 64 claims of a key at the same time': 'one claim',
    },
  'users get in each other’s way: one call sees the state of another → let calls run side by side, without shared variables':
    {
      'accepts 64 claims of different keys at the same time': 'all claim → true, all claim → false',
    },
  'opening a link, as mail scanners do, uses it up, or a used link looks unused → let `has` read what `claim` wrote, and write nothing':
    {
      'finds a key that is claimed, and claims none that is only looked up':
        'has → false, has → false, claim → true, has → true, has → true, claim → false',
    },
  'one credential uses up another, or passes for it → store the whole key as it is: no folding of case, no shortening, and in SQL a wide enough column with a binary collation':
    {
      'distinguishes keys that differ in one character':
        'claim → true, has:case → false, claim:case → true, has:last → false, claim:last → true, has:first → false, claim:first → true, claim → false',
    },
  'a used credential can be used a second time → keep an entry until its `expiresAt`, and for at least a minute; accept fractions and `Infinity`; do not hand `expiresAt` to setTimeout, which fires immediately beyond 2 147 483 647 ms; remove no live entry to make room':
    {
      'keeps an entry that ends in a moment': 'claim until soon → true, stays, claim → false',
      'keeps an entry that ended long ago': 'claim until yesterday → true, stays',
      'keeps an entry that ends at a fraction of a millisecond':
        'claim until fraction → true, stays',
      'keeps an entry for longer than the longest timer': 'claim until 30-days → true, stays',
      'keeps an entry until the year 9999': 'claim until 9999 → true, stays',
      'keeps an entry for ever': 'claim until Infinity → true, stays',
      'keeps an entry when a later claim names an earlier end':
        'claim → true, claim until 1 → false, stays',
      'remembers keys for more than a second': 'claim → true, later, has → true, claim → false',
      'forgets no key to make room for others': 'all claim → true, more, all has → true',
    },
  [NO_TIME]: {
    'refuses what is no time':
      'claim until NaN → error, claim until 0 → error, claim until -1 → error, claim until -Infinity → error, has → false',
  },
})

export const UNCLAIM = cases({
  'a claim that came too late uses a credential up for no one, or another request frees it → let `unclaim` remove the entry where its owner is the same, in one atomic step; or leave `unclaim` out':
    {
      'gives a late claim back to its owner only':
        'claim A → true, unclaim B → undefined, has → true, unclaim A → undefined, has → false, claim B → true',
    },
})

export const PEER = cases({
  'each process remembers for itself: a link can be used once in each of them → keep used keys in one place for all processes, and answer only when the key is written there':
    {
      'shares its keys with its other handles': 'claim → true, peer has → true, peer claim → false',
    },
})

/** What its leases must do. */
export const LEASES = cases({
  'two requests use one credential at the same time → let `reserve`, `look`, `has` and `claim` count a lease that has not ended as taken, and write nothing then; answer "free" again to the owner who asks a second time':
    {
      'reserves a free key for one owner and not for another':
        'reserve A → free, reserve B → leased, reserve A → free, reserve B → leased',
      'counts a leased key as taken':
        'reserve A → free, look → leased, has → true, claim → false, look → leased, commit A → true',
      'has one winner among 64 owners who reserve a key at the same time': 'one reserve',
      'has one winner among 64 who claim or reserve a key at the same time': 'one claim reserve',
    },
  'what a user has done does not count, or a used credential becomes valid again → let the owner of a lease make it final, as often as it asks; keep the entry as "used" for everyone until its `expiresAt`, and for at least a minute':
    {
      'makes a lease final for its owner, as often as the owner asks':
        'reserve A → free, commit A → true, commit A → true, look → used, has → true, reserve B → used, claim → false, commit B → false',
      'counts a claimed key as used':
        'claim → true, look → used, reserve A → used, commit A → false, release A → false, has → true',
      'keeps a final entry that ended long ago':
        'reserve A → free, commit A until yesterday → true, stays, look → used',
      'keeps a final entry for longer than the longest timer':
        'reserve A → free, commit A until 30-days → true, stays, look → used',
      'keeps a final entry for ever':
        'reserve A → free, commit A until Infinity → true, stays, look → used',
    },
  'one request decides about another’s credential → compare the owner in the same atomic step that changes the entry':
    {
      'obeys the owner of a lease and no other, and compares every letter':
        'reserve A → free, commit B → false, release B → false, reserve a → leased, commit a → false, release a → false, look → leased, commit A → true',
      'obeys the next owner when a lease has ended':
        'ended A, reserve B → free, commit A → false, release A → false, look → leased, commit B → true',
      'keeps the leases of different keys apart':
        'reserve A → free, reserve:other A → free, release A → true, look:other → leased',
    },
  'a request that failed has used the credential up, or a used credential becomes valid again → remove an entry where the owner is the same and the entry is only leased, and answer whether it was':
    {
      'releases a key for its owner, once':
        'reserve A → free, release A → true, look → free, has → false, release A → false, reserve B → free',
      'releases no key that was used for good':
        'reserve A → free, commit A → true, release A → false, look → used, has → true, reserve A → used',
    },
  'a handler that crashed keeps the credential from its user, or a slow one loses its use → count a key as free when the `duration` of its lease has passed by the store’s own clock; let `commit` write also where there is no live entry':
    {
      'frees a key whose lease has ended':
        'ended A, look → free, has → false, reserve B → free, look → leased',
      'accepts the claim of a key whose lease has ended':
        'ended A, claim → true, commit A → false, look → used',
      'makes a lease final that has ended, if no one else has the key':
        'ended A, commit A → true, commit A → true, look → used, reserve B → used',
    },
  [NO_TIME]: {
    'refuses to make a lease final until NaN':
      'reserve A → free, commit A until NaN → error, look → leased',
  },
})
