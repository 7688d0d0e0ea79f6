import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createVerifier, type Portal, type Signed } from '@countersign/core'
import { fdback, featkit, harlyy, seggwat } from '@countersign/core/schemes'
import { sent, sign, verify } from './support'

/** One known answer; `vectors/README.md` describes the members. */
interface Vector {
  readonly id: string
  readonly about: string
  readonly portal: Readonly<Record<string, string>>
  readonly secret: string
  readonly user: Readonly<Record<string, unknown>>
  readonly now: number
  readonly options: Readonly<Record<string, unknown>>
  /** Present where the vector is only to be verified. */
  readonly other?: object
  readonly signed: Omit<Signed, 'expiresAt'> & {
    readonly text?: string
    readonly expiresAt: number | null
  }
  readonly verified: Readonly<Record<string, unknown>>
}

const factories = { featkit, seggwat, harlyy, fdback }
type SchemeName = keyof typeof factories
const SCHEMES = Object.keys(factories) as readonly SchemeName[] // its own keys

function vectorsOf(scheme: SchemeName): readonly Vector[] {
  const path = join(__dirname, 'vectors', `${scheme}.json`)
  return JSON.parse(readFileSync(path, 'utf8')) as Vector[] // the tests would fail on any other shape
}

function portalOf(scheme: SchemeName, { portal, secret }: Vector): Portal {
  return factories[scheme]({ ...portal, secret })
}

beforeEach(() => {
  jest.spyOn(process, 'emitWarning').mockImplementation() // some secrets are documented placeholders
})
afterEach(() => {
  jest.restoreAllMocks()
})

const rows = (vectors: readonly Vector[]) =>
  vectors.map((vector) => [`${vector.id}, ${vector.about}`, vector] as const)

describe.each(SCHEMES)('the known answers for %s', (scheme) => {
  const vectors = vectorsOf(scheme)

  const signed = vectors.filter(({ other }) => !other)

  it.each(rows(signed))('are signed to the byte: %s', async (_, vector) => {
    const { text: _text, ...expected } = vector.signed
    const options = { ...vector.options, now: vector.now }
    const signed = await sign(portalOf(scheme, vector), vector.user, options)
    expect(signed).toStrictEqual(expected)
    expect(JSON.stringify(signed)).toBe(JSON.stringify({ ...signed, headers: expected.headers })) // in this order
  })

  it.each(rows(vectors))('are verified until they end: %s', async (_, vector) => {
    const { now, signed, secret } = vector
    const portal = portalOf(scheme, vector)
    const options = { now: () => now, nonceRetention: 86_400 }
    const result = await createVerifier(portal, options).verify(sent(signed))
    expect(result).toMatchObject({ ok: true })
    if (!result.ok) return
    const { user, auth } = result.value
    expect(user).toStrictEqual({ scheme, ...vector.verified })
    expect(Object.keys(user)).toEqual(['scheme', ...Object.keys(vector.verified)])
    expect(auth.expiresAt?.getTime() ?? null).toBe(signed.expiresAt)
    const at = (signed.expiresAt ?? now) + (scheme === 'fdback' ? 1 : 0)
    const ended = signed.expiresAt === null ? 'claims_invalid' : 'token_expired'
    expect(await verify(portal, sent(signed), { at })).toBe(ended)
    const other = portalOf(scheme, { ...vector, secret: `${secret}.` })
    expect(await verify(other, sent(signed), { at: now })).toBe('signature_invalid')
  })
})

it('the known answers are more than a hundred, each with an id of its own', () => {
  const ids = SCHEMES.flatMap((scheme) => vectorsOf(scheme).map(({ id }) => id))
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids.length).toBeGreaterThan(100)
})
