import * as fc from 'fast-check'
import { isRejection, type Portal, type RequestView, type Signed } from '@countersign/core'
import { fdback, featkit, harlyy, seggwat } from '../src'
import { publicVectors, SECRET, sent, sign, verify, view } from './support'

const secret = SECRET
const portals = {
  featkit: featkit({ secret, slug: 'acme' }),
  seggwat: seggwat({ secret, projectKey: 'abc123' }),
  jwt: seggwat({ secret, projectKey: 'abc123', mode: 'jwt' }),
  harlyy: harlyy({ secret, businessId: 'biz', surveyId: 'survey' }),
  fdback: fdback({ secret, workspaceId: 'ws_demo' }),
}

interface Journey {
  readonly portal: Portal
  /** The property that the text takes. */
  readonly field: string
  /** How what was signed travels. @default as documented */
  readonly carry?: (signed: Signed) => RequestView
}

const journeys: Readonly<Record<string, Journey>> = {
  ...of('featkit', ['id', 'email', 'name']),
  ...of('seggwat', ['id', 'email', 'name', 'subscriptionId']),
  ...of('jwt', ['id', 'email', 'name', 'subscriptionId']),
  ...of('harlyy', ['nonce']),
  ...of('fdback', ['email', 'name', 'avatar']),
  'fdback name, as a form': { portal: portals.fdback, field: 'name', carry: asForm },
  'fdback name, as ?data=': { portal: portals.fdback, field: 'name', carry: asReply },
}

function of(name: keyof typeof portals, fields: readonly string[]): Record<string, Journey> {
  const portal = portals[name]
  return Object.fromEntries(fields.map((field) => [`${name} ${field}`, { portal, field }]))
}

function asForm({ headers = {}, body = '' }: Signed): RequestView {
  const form = new URLSearchParams({
    _workspaceId: headers['x-workspace-id'] ?? '',
    _timestamp: headers['x-timestamp'] ?? '',
    _signature: headers['x-signature'] ?? '',
    ...(JSON.parse(body) as Record<string, string>),
  })
  const type = { 'content-type': 'application/x-www-form-urlencoded' }
  return view('POST', '/', { headers: type, body: form.toString() })
}

function asReply(signed: Signed): RequestView {
  const data = Buffer.from(JSON.stringify(signed)).toString('base64')
  return view('GET', `/?data=${encodeURIComponent(data)}`)
}

/** The text as it arrived at the other end, or the code with which the signer refused it. */
async function travel(text: string, { portal, field, carry = sent }: Journey): Promise<unknown> {
  const user = { id: 'u1', email: 'a@b.co', [field]: text }
  const options = field === 'nonce' ? { nonce: text } : {}
  try {
    const signed = await sign(portal, user, options)
    const read = await verify(portal, carry(signed), { nonceRetention: 60 })
    return typeof read === 'object' ? { arrived: (read as Record<string, unknown>)[field] } : read
  } catch (error) {
    if (isRejection(error)) return error.code
    throw error
  }
}

const REFUSED = ['user_invalid', 'unauthenticated']

/** The strings of these that came back as anything but themselves, and how many did come back. */
async function travelAll(texts: readonly string[], journey: Journey) {
  const mismatches: unknown[] = []
  let arrived = 0
  for (const text of texts) {
    const end = await travel(text, journey)
    if (typeof end === 'object' && (end as { arrived: unknown }).arrived === text) arrived++
    else if (!REFUSED.includes(end as string)) mismatches.push({ text, end })
  }
  return { mismatches, arrived }
}

const naughty = publicVectors('blns.json') as readonly string[] | undefined
const least: Readonly<Record<string, number>> = { email: 0, avatar: 1 }

describe('IS-01 the big list of naughty strings', () => {
  for (const [name, journey] of Object.entries(journeys)) {
    ;(naughty ? it : it.skip)(
      `IS-01 comes back as it was signed, or is refused by the signer: ${name}`,
      async () => {
        const texts = naughty ?? []
        expect(texts).toHaveLength(515)
        const { mismatches, arrived } = await travelAll(texts, journey)
        expect(mismatches).toEqual([])
        expect(arrived).toBeGreaterThanOrEqual(least[journey.field] ?? 400)
      },
    )
  }
})

const anyUnits = fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 40 }).map(fromUnits)
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'grapheme-composite', minLength: 200, maxLength: 1100 }),
  fc.emailAddress(),
  fc.webUrl(),
  anyUnits,
)

function fromUnits(units: readonly number[]): string {
  return String.fromCharCode(...units)
}

describe('IS-01 any text', () => {
  for (const [name, journey] of Object.entries(journeys)) {
    const fits = name.endsWith('?data=') ? anyUnits : anyText // a query holds 4,096 characters
    it(`IS-01 comes back as it was signed, or is refused by the signer: ${name}`, async () => {
      let arrived = 0
      await fc.assert(
        fc.asyncProperty(fits, async (text) => {
          const end = await travel(text, journey)
          if (REFUSED.includes(end as string)) return
          expect(end).toEqual({ arrived: text })
          arrived++
        }),
        { numRuns: 300 },
      )
      expect(arrived).toBeGreaterThan(0)
    })
  }
})
