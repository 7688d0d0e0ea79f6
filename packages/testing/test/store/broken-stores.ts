import { altered, lie, turn, type Broken, type BrokenStores } from './clocked'

/** Stores that answer wrong in one way each. */
export const brokenStores: BrokenStores = {
  'looks first and takes later': [
    'has one winner among 64 who claim a key at once',
    (clock) =>
      altered(clock, ({ claim, has }) => ({
        claim: async (key, expiresAt) => {
          if (await has(key)) return false
          await turn()
          return claim(key, expiresAt).then(() => true)
        },
      })),
  ],
  'tells nobody that he is first when many come': [
    'has one winner among 64 who claim a key at once',
    (clock) =>
      altered(clock, ({ claim }) => {
        const asking = new Map<string, number>()
        return {
          claim: async (key, expiresAt) => {
            asking.set(key, (asking.get(key) ?? 0) + 1)
            await turn()
            return (await claim(key, expiresAt)) && asking.get(key) === 1
          },
        }
      }),
  ],
  'always says true': [
    'says true to the first claim of a key and false to all later ones',
    (clock) =>
      altered(clock, ({ claim }) => ({ claim: (...ask) => claim(...ask).then(() => true) })),
  ],
  'never says true': [
    'says true to the first claim of a key and false to all later ones',
    (clock) =>
      altered(clock, ({ claim }) => ({ claim: (...ask) => claim(...ask).then(() => false) })),
  ],
  'answers with what Redis said': [
    'answers with true and false themselves',
    (clock) =>
      altered(clock, ({ claim }) => ({
        claim: (...ask) => claim(...ask).then((first) => lie(first ? 'OK' : null)),
      })),
  ],
  'answers with a row count': [
    'answers with true and false themselves',
    (clock) =>
      altered(clock, ({ claim }) => ({
        claim: (...ask) => claim(...ask).then((first) => lie(Number(first))),
      })),
  ],
  'answers with a count when it is asked what it has': [
    'answers with true and false themselves',
    (clock) =>
      altered(clock, ({ has }) => ({ has: (key) => has(key).then((it) => lie(Number(it))) })),
  ],
  'takes a key that it is asked for': [
    'does not take a key that is only asked for',
    (clock) =>
      altered(clock, ({ claim }) => ({
        has: (key) => claim(key, Infinity).then((first) => !first),
      })),
  ],
  'tells only once that it has a key': [
    'knows a claimed key however often it is asked',
    (clock) =>
      altered(clock, ({ has }) => {
        const told = new Set<string>()
        return { has: async (key) => (await has(key)) && !told.has(key) && Boolean(told.add(key)) }
      }),
  ],
  'does not know what it took': [
    'knows a claimed key however often it is asked',
    (clock) => altered(clock, () => ({ has: async () => false })),
  ],
  'does not care about case': [
    'tells keys apart that differ in the case of a letter',
    renamed((key) => key.toLowerCase()),
  ],
  'keeps the beginning of a key': [
    'tells keys apart that differ in their last character',
    renamed((key) => key.slice(0, 40)),
  ],
  'takes one punctuation mark for the other': [
    'tells keys apart that differ in their first character',
    renamed((key) => key.replaceAll(/[-_]/g, '~')),
  ],
  'keeps the end of a key': [
    'tells keys apart that differ in their first character',
    renamed((key) => key.slice(1)),
  ],
  'handles one key at a time': [
    'gives 64 keys that are claimed at once to 64 callers',
    (clock) =>
      altered(clock, ({ claim }) => {
        let current = ''
        return {
          claim: async (key, expiresAt) => {
            current = key
            await turn()
            return claim(current, expiresAt)
          },
        }
      }),
  ],
  'does not say whether it is durable': [
    'says plainly what it is',
    (clock) => ({ ...altered(clock, () => ({})), durable: lie<boolean>(undefined) }),
  ],
}

/** A store that calls its keys something else. */
function renamed(rename: (key: string) => string): Broken[1] {
  return (clock) =>
    altered(clock, ({ claim, has }) => ({
      claim: (key, expiresAt) => claim(rename(key), expiresAt),
      has: (key) => has(rename(key)),
    }))
}
