import type { SchemeName } from '../catalogue'
import type { Random } from './random'
import { IDS, NOW } from './settings'

type Kind = 'id' | 'email' | 'text' | 'url' | 'nonce' | 'audience' | 'seconds' | 'millis'

/** A member as JSON text, so that it can be spelled in ways that no `JSON.stringify` uses. */
type Member = [name: string, value: string]

const long = (length: number): string => JSON.stringify('x'.repeat(length))

/** Wrong or unusual for every claim. */
const ANYTHING = [
  ...['null', 'true', '[]', '{}', '[1]', '0', '-1', '1.5', '""', '" "', '"null"', '"a\\u0000b"'],
  ...[
    '"\\ud83d"',
    '"\\ud83d\\ude00"',
    '"\\"\\\\\\/"',
    '"\u0085"',
    '{"a":{"a":[[[[[[1]]]]]]}}',
    long(2_000),
  ],
]

const VALUES: Readonly<Record<Exclude<Kind, 'seconds' | 'millis'>, readonly string[]>> = {
  id: [
    ...['"u-1"', '42', '-7', '"0"', '-0', '1e3', '1e21', '9007199254740991', '9007199254740992'],
    ...['"NULL"', '"undefined"', '"[object Object]"', '"NaN"', '"u "', '"\u00a0u"', '"é😀"'],
    ...['"\\u0075"', '"<script>"', '"__proto__"', '"\ufeffu"', long(255), long(256)],
  ],
  email: [
    ...['"ada@example.com"', '"a@b"', '"a@@b"', '"a b@c"', '"a@b\\n"', '"<a@b>"', '"@"', '"a@"'],
    ...[
      '"é@例え.jp"',
      '["a@b"]',
      '"a\\u0022@b"',
      `"${'x'.repeat(250)}@b.c"`,
      `"${'x'.repeat(251)}@b.c"`,
    ],
  ],
  text: [
    '"Ada"',
    '"é \u2028 😀"',
    '"</script>"',
    '"\\t"',
    '"\\u007f"',
    long(255),
    long(256),
    long(1024),
    long(1025),
  ],
  url: [
    ...['"https://x.test/a"', '"HTTP://X"', '"javascript:alert(1)"', '"https://"', '"//x.test"'],
    ...[
      '"https://x.test/\\u0000"',
      '"https://x y"',
      '"http:\\\\\\\\x"',
      '"ftp://x.test"',
      '"http:x"',
    ],
    ...[
      '"https://[::1]/"',
      '"https://[::"',
      `"https://x.test/${'a'.repeat(2_033)}"`,
      `"https://x.test/${'a'.repeat(2_034)}"`,
    ],
  ],
  nonce: ['"n-1"', '"n-2"', '"N-1"', '"n-1 "', '"é"', '7', long(255), long(256)],
  audience: [
    '"ws_demo"',
    '"ws_other"',
    '"ws_same"',
    '"WS_DEMO"',
    '"ws_demo "',
    '"ws\\u005fdemo"',
    '42',
    long(256),
  ],
}

/** Offsets from now, in milliseconds, around every limit. */
const OFFSETS = [
  ...[
    -1e10, -86_400_000, -300_001, -300_000, -299_999, -60_000, -1_000, -251, -250, -1, 0, 1, 250,
    251,
  ],
  ...[29_999, 30_000, 30_001, 59_999, 60_000, 60_001, 90_000, 90_001, 300_000, 300_001, 3_600_000],
  ...[
    86_399_000, 86_400_000, 86_401_000, 86_430_000, 86_431_000, 31_622_400_000, 31_622_430_001,
    1e12,
  ],
]

const ODD_TIMES = [
  '1e400',
  '-1',
  '"1790000000"',
  '1e11',
  '99999999999',
  '100000000000',
  '253402300799999',
  '253402300800000',
  '0',
]

function time(random: Random, kind: 'seconds' | 'millis', usual: readonly number[]): string {
  if (random.chance(0.03)) return random.pick(ODD_TIMES)
  if (random.chance(0.02)) return random.pick(ANYTHING)
  const ms = NOW + (random.chance(0.75) ? random.pick(usual) : random.pick(OFFSETS))
  const isWrongUnit = random.chance(0.02)
  const value = (kind === 'seconds') === isWrongUnit ? ms : ms / 1000
  const whole = random.chance(0.7) ? Math.floor(value) : value
  return random.chance(0.03) ? whole.toExponential() : String(whole)
}

function value(random: Random, kind: Kind, usual: readonly number[]): string {
  if (kind === 'seconds' || kind === 'millis') return time(random, kind, usual)
  const odds = random.below(100)
  if (odds < 80) return VALUES[kind][0] as string // every list has one
  return odds < 96 ? random.pick(VALUES[kind]) : random.pick(ANYTHING)
}

interface Claim {
  readonly name: string
  readonly kind: Kind
  /** How often it is present. */
  readonly often: number
  readonly usual?: readonly number[]
}

const claim = (name: string, kind: Kind, often = 0.97, usual: readonly number[] = []): Claim => ({
  name,
  kind,
  often,
  usual,
})

const seggwat: readonly Claim[] = [
  claim('sub', 'id'),
  claim('email', 'email', 0.5),
  claim('name', 'text', 0.5),
  claim('subscription_id', 'text', 0.3),
  claim('exp', 'seconds', 0.97, [3_600_000, 59_750, 30_000]),
  claim('iat', 'seconds', 0.97, [0, -250, -5_000]),
  claim('project_key', 'audience'),
]

const CLAIMS: Readonly<Record<SchemeName, readonly Claim[]>> = {
  featkit: [
    claim('user_id', 'id'),
    claim('email', 'email', 0.5),
    claim('name', 'text', 0.5),
    claim('timestamp', 'seconds', 0.97, [0, -250, -5_000]),
    claim('expires', 'seconds', 0.97, [3_600_000, 59_750, 30_000]),
  ],
  seggwat,
  jwt: [...seggwat, claim('nbf', 'seconds', 0.2, [0, -5_000])],
  harlyy: [claim('nonce', 'nonce'), claim('exp', 'millis', 0.8, [3_600_000, 59_999])],
  fdback: [claim('email', 'email'), claim('name', 'text', 0.5), claim('avatar', 'url', 0.4)],
}

/** The bytes of a payload: often right, sometimes wrong in one claim or as JSON. */
export function payload(random: Random, scheme: SchemeName): Buffer {
  const members: Member[] = CLAIMS[scheme]
    .filter(({ often }) => random.chance(often))
    .map(({ name, kind, usual = [] }) => [JSON.stringify(name), value(random, kind, usual)])
  if (random.chance(0.12)) disturb(random, members)
  return spelled(random, members)
}

const NAMES = [
  '"role"',
  '"__proto__"',
  '"constructor"',
  '"toString"',
  '"x-timestamp"',
  '"id"',
  '""',
  '"\\ud83d"',
  '"scheme"',
]

function disturb(random: Random, members: Member[]): void {
  const at = random.below(members.length + 1)
  const [name = '"a"', text = '1'] = members[at] ?? []
  const escaped = name.replace(/[a-z]/, (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`)
  const changes: readonly (() => unknown)[] = [
    () => members.splice(at, 0, [random.pick(NAMES), random.pick(ANYTHING)]),
    () => members.push([name, text]),
    () => members.push([escaped, text]),
    () => members.splice(at, 1, [escaped, text]),
    () => members.reverse(),
    () =>
      members.push(
        ...Array.from({ length: random.pick([50, 57, 58, 59, 60, 61, 70]) }, (_, i): Member => [
          `"m${i}"`,
          '1',
        ]),
      ),
    () =>
      members.push([
        '"deep"',
        random.pick(['[[[[[[[1]]]]]]]', '[[[[[[[[1]]]]]]]]', '{"a":{"a":{"a":1}},"a":2}']),
      ]),
  ]
  random.pick(changes)()
}

function spelled(random: Random, members: readonly Member[]): Buffer {
  const text = `{${members.map((member) => member.join(':')).join(',')}}`
  if (!random.chance(0.06)) return Buffer.from(text, 'utf8')
  const spellings: readonly (() => Buffer)[] = [
    () => Buffer.from(text.replaceAll(',', ' ,\n').replaceAll(':', '\t: ')),
    () => Buffer.from(`\ufeff${text}`),
    () => Buffer.from(`[${text}]`),
    () => Buffer.from(` ${text}\r\n`),
    () => Buffer.from(text.replace('}', ',}')),
    () => Buffer.from(text.slice(0, -1)),
    () => Buffer.from(`${text}${random.pick([' x', '{}', '\0', '\u00a0'])}`),
    () => Buffer.from(random.pick(['', 'null', '"text"', '1', '{}', '[]'])),
    () => Buffer.from(text, 'latin1'),
    () => Buffer.concat([Buffer.from(text), Buffer.from([random.pick([0xff, 0xc0, 0x80])])]),
    () => Buffer.from(text.replace('"', '\\u0022')),
  ]
  return random.pick(spellings)()
}

/** The timestamp header of a fdback request, as text. */
export function timestamp(random: Random): string {
  if (random.chance(0.04))
    return random.pick([
      '0',
      '01',
      '1e12',
      '1.5',
      ' ',
      '-1',
      '99999999999999999',
      '１７',
      '100000000000',
    ])
  return String(NOW + (random.chance(0.7) ? -random.below(2_000) : random.pick(OFFSETS)))
}

export function workspace(random: Random): string {
  return random.chance(0.85) ? 'ws_demo' : random.pick(IDS)
}
