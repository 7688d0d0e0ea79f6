import { ConfigError, Rejection, type RejectionCode } from '@countersign/core'
import { reporterFor } from '../src/report'

type Environment = Readonly<Record<string, string>>

let lines: { readonly code: string; readonly text: string; readonly stack: string | undefined }[]
let time: number

beforeEach(() => {
  lines = []
  time = 5_000
  jest.spyOn(process, 'emitWarning').mockImplementation((message, options) => {
    const { code = '', detail } = options as { code?: string; detail?: string } // as `warn` calls it
    lines.push({ code, text: String(message), stack: detail })
  })
})
afterEach(() => jest.restoreAllMocks())

const DEVELOPMENT: Environment = {}
const PRODUCTION: Environment = { NODE_ENV: 'production' }

/** A reporter, while the environment contains these variables and no others. */
function reporter(environment: Environment = DEVELOPMENT) {
  jest.replaceProperty(process, 'env', { ...environment })
  return reporterFor('requireSignedUser()', () => time)
}

const refusal = (code: RejectionCode): Rejection => new Rejection(code, `the rule of ${code}`)

describe('a refused request', () => {
  const expired = `Countersign: requireSignedUser() (featkit) refused a request: token_expired: the rule of token_expired; to find out more: countersign explain --portal featkit. See docs/refused-links.md.`

  it('is reported in one line with the portal, the exact code, the rule and where to read on', () => {
    reporter().refused(refusal('token_expired'), 'featkit')
    expect(lines).toEqual([{ code: 'COUNTERSIGN_REFUSED', text: expired, stack: undefined }])
  })

  it('names no command where that could not find a mistake: a link that was used', () => {
    reporter().refused(new Rejection('token_replayed'), 'featkit')
    expect(lines[0]?.text).not.toContain('countersign explain')
  })

  it('ends a question as a question', () => {
    reporter().refused(new Rejection('user_invalid', 'Did you mean "id"?'), 'featkit')
    expect(lines[0]?.text).toContain('user_invalid: Did you mean "id"? See docs/')
  })

  it('names no portal where it matches none of several', () => {
    reporter().refused(refusal('credential_missing'), null)
    expect(lines[0]?.text).toContain(': requireSignedUser() refused a request: credential_missing:')
  })

  const REFUSED = ['expired', 'expired', 'missing', 'expired']

  it.each<[string, Environment, string[]]>([
    ['once per code in development', {}, ['expired', 'missing']],
    ['once per code in a test run', { NODE_ENV: 'test' }, ['expired', 'missing']],
    ['not at all in production', PRODUCTION, []],
    ['not at all with COUNTERSIGN_DEBUG=0', { COUNTERSIGN_DEBUG: '0' }, []],
    ['each time with COUNTERSIGN_DEBUG=1', { COUNTERSIGN_DEBUG: '1' }, REFUSED],
    ['each time with it in production', { ...PRODUCTION, COUNTERSIGN_DEBUG: '1' }, REFUSED],
  ])('is reported %s', (_, environment, expected) => {
    const { refused } = reporter(environment)
    for (const code of REFUSED) {
      refused(refusal(code === 'missing' ? 'credential_missing' : 'token_expired'), 'featkit')
    }
    expect(
      lines.map(({ text }) => (text.includes('token_expired') ? 'expired' : 'missing')),
    ).toEqual(expected)
  })

  it('is reported by each guard of its own', () => {
    for (const { refused } of [reporter(), reporter()]) refused(refusal('token_expired'), 'featkit')
    expect(lines).toHaveLength(2)
  })
})

describe("a fault of the application's own", () => {
  const FAULTS = ['user_unavailable', 'secret_unavailable', 'store_unavailable'] as const
  const cause = new TypeError("Cannot read properties of undefined (reading 'id')")

  it.each(FAULTS)('is reported in production with the stack of its cause: %s', (code) => {
    const environment = { ...PRODUCTION, COUNTERSIGN_DEBUG: '0' }
    reporter(environment).refused(new Rejection(code, 'it threw', cause), 'featkit')
    const text = `Countersign: requireSignedUser(): ${code}: it threw`
    expect(lines).toEqual([{ code: 'COUNTERSIGN_FAULT', text, stack: cause.stack }])
  })

  it('quotes no thrown value that is not an error: it could be a secret', () => {
    reporter().refused(new Rejection('secret_unavailable', 'it threw', 's3cret'), 'featkit')
    expect(lines[0]?.stack).toBe('Thrown: string')
  })

  it('is reported in production with the fix where it is a mistake in the configuration', () => {
    const error = new ConfigError('no_guard', { problem: 'No guard ran', fix: 'Mount one' })
    reporter(PRODUCTION).refused(error, null)
    const text = 'Countersign: requireSignedUser(): No guard ran. Mount one.'
    expect(lines).toEqual([{ code: 'COUNTERSIGN_MISCONFIGURED', text, stack: undefined }])
  })

  it('is reported in production where an observer throws or rejects', async () => {
    const { observe } = reporter(PRODUCTION)
    observe('onVerified', () => {
      throw cause
    })
    observe('onRejected', async () => {
      throw cause
    })
    await new Promise(setImmediate)
    expect(lines.map(({ code, text, stack }) => [code, text, stack])).toEqual(
      ['onVerified', 'onRejected'].map((name) => [
        'COUNTERSIGN_OBSERVER_FAILED',
        `Countersign: requireSignedUser(): \`${name}\` failed`,
        cause.stack,
      ]),
    )
  })

  it('is reported again after a minute, with the number of times between', () => {
    const { refused } = reporter(PRODUCTION)
    const fail = () => refused(new Rejection('store_unavailable', 'it is full'), 'harlyy')
    for (const at of [0, 1, 59_999, 60_000, 119_999, 240_000, 300_000]) {
      time = 5_000 + at
      fail()
    }
    const full = 'Countersign: requireSignedUser(): store_unavailable: it is full'
    expect(lines.map(({ text }) => text)).toEqual([
      full,
      `${full} (and 2 more times since it was last reported)`,
      `${full} (and 1 more times since it was last reported)`,
      full,
    ])
  })

  it('is counted apart from faults of another kind', () => {
    const { refused } = reporter(PRODUCTION)
    refused(new Rejection('store_unavailable'), 'harlyy')
    refused(new Rejection('secret_unavailable'), 'harlyy')
    expect(lines).toHaveLength(2)
  })
})
