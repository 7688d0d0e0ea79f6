import {
  createSigner,
  createVerifier,
  type Portal,
  type RequestView,
  type Signed,
} from '@countersign/core'
import { fdback, featkit, harlyy, seggwat } from '@countersign/core/schemes'
import * as fc from 'fast-check'
import { codeOf } from '../support/errors'
import { view } from '../support/request'
import { describeVectors } from '../support/vectors'
import { NOW, SECRET, sent } from './support'

const secret = SECRET
const now = () => NOW
const requests = fdback({ secret, workspaceId: 'ws_demo' })

interface Journey {
  readonly portal: Portal
  /** The property that has the text. */
  readonly field: string
  /** How the credential travels. @default as documented */
  readonly carry?: (signed: Signed) => RequestView
}

function journeys(name: string, portal: Portal, fields: readonly string[]) {
  return fields.map((field) => [`${name} ${field}`, { portal, field } as Journey] as const)
}

const all: readonly (readonly [string, Journey])[] = [
  ...journeys('featkit', featkit({ secret, slug: 'acme' }), ['id', 'email', 'name']),
  ...journeys('seggwat', seggwat({ secret, projectKey: 'p' }), ['id']),
  ...journeys('jwt', seggwat({ secret, projectKey: 'p', mode: 'jwt' }), ['name']),
  ...journeys('harlyy', harlyy({ secret, businessId: 'b', surveyId: 's' }), ['nonce']),
  ...journeys('fdback', requests, ['name', 'avatar']),
  ['fdback name, as a form', { portal: requests, field: 'name', carry: asForm }],
  ['fdback name, as ?data=', { portal: requests, field: 'name', carry: asReply }],
]

function asForm({ headers = {}, body = '' }: Signed): RequestView {
  const form = new URLSearchParams({
    _workspaceId: headers['x-workspace-id'] ?? '',
    _timestamp: headers['x-timestamp'] ?? '',
    _signature: headers['x-signature'] ?? '',
    ...(JSON.parse(body) as Record<string, string>),
  })
  const type = ['content-type', 'application/x-www-form-urlencoded'] as const
  return view({ method: 'POST', headers: [type], body: Buffer.from(form.toString()) })
}

function asReply(signed: Signed): RequestView {
  const data = Buffer.from(JSON.stringify(signed)).toString('base64')
  return view({ query: `data=${encodeURIComponent(data)}` })
}

/** Tries texts. @returns how many arrived, and those that were neither unchanged nor refused */
async function travel(texts: readonly string[], { portal, field, carry = sent }: Journey) {
  const signer = createSigner(portal, { now })
  const verifier = createVerifier(portal, { now, nonceRetention: 60 })
  const base = { id: 'u1', email: 'a@b.co', avatar: 'https://example.com/a.png' }
  const wrong: unknown[] = []
  let arrived = 0
  for (const text of texts) {
    const user = { ...base, [field]: text } as never // the test knows the portal
    const signed = await signer.sign(user, field === 'nonce' ? { nonce: text } : {}).catch(codeOf)
    if (typeof signed === 'string') {
      if (!/^(?:user_invalid|unauthenticated)$/.test(signed)) wrong.push([text, signed])
      continue
    }
    const result = await verifier.verify(carry(signed))
    const back = result.ok ? Reflect.get(result.value.user, field) : result.error
    if (back === text || (back === null && text === '')) arrived++
    else wrong.push([text, back])
  }
  return { arrived, wrong }
}

const least: Readonly<Record<string, number>> = { email: 0, avatar: 1 }

describe.each(all)('any text as %s', (name, journey) => {
  describeVectors<readonly string[]>('blns.json', (naughty) => {
    it('comes back as it was signed, or is refused by the signer', async () => {
      const { arrived, wrong } = await travel(naughty, journey)
      expect(wrong).toEqual([])
      expect(arrived).toBeGreaterThanOrEqual(least[journey.field] ?? 400)
    })
  })

  it('comes back as it was signed where it was generated', async () => {
    const units = fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 40 })
    const short = units.map((codes) => String.fromCharCode(...codes))
    const long = fc.string({ unit: 'grapheme-composite', minLength: 200, maxLength: 1100 })
    const urls = fc.domain().map((domain) => `https://${domain}/?a=b#c`)
    const any = fc.oneof(short, long, fc.emailAddress(), urls)
    const fits = name.endsWith('?data=') ? short : any // a query holds 4,096 characters
    const { arrived, wrong } = await travel(fc.sample(fits, 50), journey)
    expect(wrong).toEqual([])
    expect(arrived).toBeGreaterThan(0)
  })
})
