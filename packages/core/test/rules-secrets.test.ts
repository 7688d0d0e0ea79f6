import { createSecretKey, generateKeyPairSync } from 'node:crypto'
import { createGuard, createSigner, createVerifier, type SecretSource } from '@countersign/core'
import { expectMisconfigured } from './support/errors'
import { forgeLink } from './support/forge'
import { catchWarnings, inProduction } from './support/process'
import { now, outcome, view } from './support/request'
import { jwt, link, message, once } from './support/schemes'
import { CURRENT, FOREIGN, PREVIOUS } from './support/secrets'

afterEach(() => {
  jest.restoreAllMocks()
})

function expectUnusable(secret: unknown, reason: Parameters<typeof expectMisconfigured>[1]): void {
  expectMisconfigured(() => link({ secret: secret as SecretSource }), reason) // wrong on purpose
}

const JWK = '{"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ"}'
const JWKS = `\n {"keys": [${JWK}]}`
const { privateKey } = generateKeyPairSync('ed25519')
const PEM = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString().trim()

describe('the secret of a portal', () => {
  it('SR-01 refuses an empty one at construction', () => {
    expectUnusable('', 'secret_empty')
  })

  it.each([
    ['undefined', undefined, 'secret_missing'],
    ['null', null, 'secret_missing'],
    ['false', false, 'secret_type'],
    ['zero', 0, 'secret_type'],
    ['a number', 2 ** 64, 'secret_type'],
    ['a bigint', 1n, 'secret_type'],
    ['an object', {}, 'secret_type'],
  ] as const)('SR-02 refuses %s, and never makes text of it', (_, secret, reason) => {
    expectUnusable(secret, reason)
    expectUnusable([CURRENT, secret], reason)
    expectUnusable({ id: 'k1', value: secret }, reason)
  })

  it('SR-02 says which variable to look for when nothing was set', () => {
    expect(() => link({ secret: undefined })).toThrow(/environment/)
    expect(() => link({ secret: undefined })).not.toThrow(/undefined/)
  })

  it.each([
    ['blanks', '   '],
    ['one line end', '\n'],
    ['blanks enough to be long', ' '.repeat(40)],
  ])('SR-03 refuses %s', (_, secret) => {
    expectUnusable(secret, 'secret_whitespace')
  })

  it.each([
    ['an empty Buffer', Buffer.alloc(0)],
    ['an empty Uint8Array', new Uint8Array(0)],
    ['an empty KeyObject', createSecretKey(Buffer.alloc(0))],
  ])('SR-04 refuses %s', (_, secret) => {
    expectUnusable(secret, 'secret_empty')
  })

  it('SR-04 refuses a KeyObject that is half of a key pair', () => {
    expectUnusable(privateKey, 'secret_type')
  })

  it('SR-05 refuses an empty list, and a list with an empty secret anywhere', () => {
    expectUnusable([], 'secret_empty')
    expectUnusable(['', CURRENT], 'secret_empty')
    expectUnusable([CURRENT, ''], 'secret_empty')
    expectUnusable([CURRENT, { id: 'old', value: '' }], 'secret_empty')
  })

  const placeholders = [
    'your-workspace-secret',
    'YOUR_SIGNING_SECRET',
    'my-super-secret-key',
    'change-me-change-me',
    'replace-me-with-a-secret',
  ]
  it.each(placeholders)('SR-06 refuses the placeholder %s in production', (secret) => {
    inProduction(() => expectUnusable(secret, 'secret_placeholder'))
  })

  it.each(placeholders)('SR-06 warns once of the placeholder %s elsewhere', (secret) => {
    const warnings = catchWarnings()
    link({ secret })
    expect(warnings.codes()).toEqual(['COUNTERSIGN_PLACEHOLDER_SECRET'])
    expect(warnings.texts().join()).not.toContain(secret)
  })

  it.each(['undefined', 'null', 'changeme'])(
    'SR-06 refuses %s everywhere, for it is short as well',
    (secret) => {
      expectUnusable(secret, 'secret_too_short')
      inProduction(() => expectUnusable(secret, 'secret_too_short'))
    },
  )

  it('SR-07 refuses 15 bytes and takes 16', () => {
    catchWarnings()
    expectUnusable('x'.repeat(15), 'secret_too_short')
    expectUnusable(Buffer.alloc(15, 1), 'secret_too_short')
    expect(link({ secret: 'x'.repeat(16) }).keys.known).toHaveLength(1)
  })

  it('SR-07 counts bytes, not characters', () => {
    catchWarnings()
    expect(link({ secret: 'é'.repeat(8) }).keys.known?.[0]?.length).toBe(16)
  })

  it.each([
    [16, ['COUNTERSIGN_SHORT_SECRET']],
    [31, ['COUNTERSIGN_SHORT_SECRET']],
    [32, []],
  ])('SR-07 warns below 32 bytes: %d', (length, codes) => {
    const warnings = catchWarnings()
    link({ secret: 'x'.repeat(length) })
    expect(warnings.codes()).toEqual(codes)
  })

  it('SR-07 asks 32 bytes of a JWT secret, unless told otherwise', () => {
    catchWarnings()
    const portal = jwt({ secret: 'x'.repeat(31), projectKey: 'project' })
    expectMisconfigured(() => createVerifier(portal), 'secret_too_short')
    expectMisconfigured(() => createGuard(portal), 'secret_too_short')
    expectMisconfigured(() => createSigner(portal), 'secret_too_short')
    expect(() => createVerifier(portal, { allowShortSecret: true })).not.toThrow()
    expect(() => createSigner(portal, { allowShortSecret: true })).not.toThrow()
    const long = jwt({ secret: 'x'.repeat(32), projectKey: 'project' })
    expect(() => createVerifier(long)).not.toThrow()
    expect(() => createSigner(long)).not.toThrow()
  })

  it.each([
    ['a line end', '\n'],
    ['a carriage return and a line end', '\r\n'],
    ['a NUL byte', '\0'],
    ['a blank', ' '],
    ['a no-break space', '\u00a0'],
  ])('SR-08 refuses %s behind it', (_, tail) => {
    expectUnusable(CURRENT + tail, 'secret_whitespace')
    expectUnusable(Buffer.from(CURRENT + tail), 'secret_whitespace')
    expectUnusable(createSecretKey(Buffer.from(CURRENT + tail)), 'secret_whitespace')
    expectUnusable(`geheim-schlüssel-für-die-prüfung-äöü${tail}`, 'secret_whitespace')
  })

  it('SR-08 refuses white space before it', () => {
    expectUnusable(`\t${CURRENT}`, 'secret_whitespace')
  })

  it('SR-08 takes random bytes that happen to end in a line end', () => {
    const bytes = Buffer.concat([Buffer.alloc(31, 0xff), Buffer.from('\n')])
    expect(link({ secret: bytes }).keys.known).toHaveLength(1)
  })

  it.each([
    ['a PEM file', PEM],
    ['a PEM file after a comment', `# key\n${PEM}`],
    ['a JWK', JWK],
    ['a JWK set', JWKS.trim()],
    ['a JWK set with nothing in it', '{ "keys" : [] }'],
    ['a spread-out JWK', JWK.replace(':', ' :\n').replaceAll(',', ',\n')],
  ])('SR-09 refuses %s', (_, secret) => {
    expectUnusable(secret, 'secret_looks_like_key_file')
    expectUnusable(Buffer.from(secret), 'secret_looks_like_key_file')
  })

  it('SR-10 refuses one secret for two portals of a guard, wherever it stands', () => {
    const portals = [link({ secret: [CURRENT, PREVIOUS] }), once({ secret: [FOREIGN, PREVIOUS] })]
    expectMisconfigured(() => createGuard(portals), 'secret_reuse')
    expectMisconfigured(() => createVerifier(portals), 'secret_reuse')
    expectMisconfigured(() => createVerifier(portals.toReversed()), 'secret_reuse')
    expect(() => createGuard(portals, { allowSecretReuse: true })).not.toThrow()
  })

  it('SR-10 knows the same bytes in another form', () => {
    const portals = [link({ secret: CURRENT }), message({ secret: Buffer.from(CURRENT) })]
    expectMisconfigured(() => createGuard(portals), 'secret_reuse')
  })

  it('SR-10 takes portals that have a secret each, or look theirs up', () => {
    const portals = [link({ secret: CURRENT }), once({ secret: PREVIOUS })]
    expect(() => createGuard(portals)).not.toThrow()
    const lookup = () => CURRENT
    expect(() => createGuard([link({ secret: lookup }), once({ secret: lookup })])).not.toThrow()
  })

  it('SR-11 keeps its own copy of the list and of the bytes', async () => {
    const bytes = Buffer.from(CURRENT)
    const list = [bytes, Buffer.from(PREVIOUS)]
    const verifier = createVerifier(link({ secret: list }), { now })
    bytes.fill(0x61)
    list.splice(0, 2, Buffer.from(FOREIGN))
    const answers = [CURRENT, PREVIOUS, FOREIGN].map(async (secret) =>
      outcome(await verifier.verify(view({ query: `token=${forgeLink(undefined, secret)}` }))),
    )
    expect(await Promise.all(answers)).toEqual(['200', '200', '401 signature_invalid'])
  })
})
