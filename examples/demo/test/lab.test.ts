import { REJECTIONS, type RejectionCode } from '@countersign/core'
import { mint } from '@countersign/testing'
import request from 'supertest'
import { FORMATS, type FormatId } from '../src/formats'
import { STAGES } from '../src/lab/checks'
import { cookieOf, demoApp, PORTAL } from './demo-app'

const { app, portals } = demoApp()

/** What the page shows of a credential, as text. */
async function shown(id: FormatId, text: string): Promise<string> {
  const { text: page } = await request(app)
    .post(`/lab/${id}/check`)
    .set('content-type', 'text/plain')
    .send(text)
    .expect(200)
  return page
    .replace(/<[^>]+>/g, ' ')
    .replace(/&quot;/g, '"')
    .replace(/\s+/g, ' ') // tags and entities
}

async function spoil(id: FormatId, name: string, user = 'ada'): Promise<request.Response> {
  const cookie = await cookieOf(app, user)
  return request(app).post(`/lab/${id}/break/${name}`).set('Cookie', cookie)
}

const ALL = FORMATS.map(({ id }) => id)
const SIGNATURE = 'The signature matches a key'
const TIMES = 'The times are valid'
const REPLAY = 'It was not used before'

type Row = [name: string, code: RejectionCode, check: string, ids: readonly FormatId[]]

const BROKEN: readonly Row[] = [
  ['letter', 'signature_invalid', SIGNATURE, ALL],
  ['old', 'token_expired', TIMES, ALL],
  ['key', 'signature_invalid', SIGNATURE, ALL],
  ['twice', 'credential_ambiguous', 'One credential was sent', ALL],
  ['unit', 'claims_invalid', 'The claims are valid', ALL],
  ['clock', 'token_not_yet_valid', TIMES, ['featkit', 'seggwat-hmac', 'seggwat-jwt', 'fdback']],
  ['project', 'audience_mismatch', 'It is for this project', ['seggwat-hmac', 'seggwat-jwt']],
  ['project', 'signature_invalid', SIGNATURE, ['fdback']],
  ['alg', 'algorithm_not_allowed', 'The algorithm is HS256', ['seggwat-jwt']],
  ['hex', 'token_malformed', 'Format and encoding are right', ['featkit', 'fdback']],
  ['replayed', 'token_replayed', REPLAY, ['harlyy', 'fdback']],
]

describe('the laboratory', () => {
  it.each(BROKEN)('shows why "%s" is refused with %s', async (name, code, check, ids) => {
    for (const id of ids) {
      const { body } = await spoil(id, name)
      const text = await shown(id, body.sent)
      expect(text).toContain(`${check} : failed`)
      expect(text).toContain(`Your log says ${code} `)
      expect(text).toContain(`The answer says ${REJECTIONS[code].publicCode} `)
      const itself = { old: TIMES, replayed: REPLAY }[name] ?? 'Accepted'
      expect(await shown(id, body.signed)).toContain(itself)
    }
  })

  it.each(ALL)('offers for %s what its credentials can have, and nothing else', async (id) => {
    const names = BROKEN.flatMap(([name, , , ids]) => (ids.includes(id) ? [name] : []))
    const { text } = await request(app).get(`/${id}`)
    const offered = [...text.matchAll(/data-break="(\w+)"/g)].map(([, name]) => name!)
    expect(offered.sort()).toEqual(names.sort())
    for (const [name] of BROKEN.filter(([each]) => !names.includes(each))) {
      expect((await spoil(id, name)).status).toBe(404)
    }
  })

  it('lists the checks in their order: passed, failed, not reached', async () => {
    const { body } = await spoil('seggwat-jwt', 'key')
    expect(await shown('seggwat-jwt', body.sent)).toMatch(
      /sent : passed .* HS256 : passed .* key : failed .* JSON object : not reached .* project : not reached/,
    )
  })

  it('tells a signed payload that is not JSON from a wrong signature', async () => {
    const { request: sent } = await mint(portals.featkit, { id: 'ada' }, { defect: 'notJson' })
    const text = await shown('featkit', `${PORTAL}/featkit/p/lantern?${sent.query}`)
    expect(text).toMatch(/a key : passed .* The payload is one JSON object : failed/)
  })

  it('uses nothing up, however often it is asked', async () => {
    const { body } = await spoil('harlyy', 'letter')
    await shown('harlyy', body.signed)
    expect(await shown('harlyy', body.signed)).toContain('Accepted')
  })

  it('says what is less exact in the answer, and what Explain suggests', async () => {
    const { body } = await spoil('featkit', 'hex')
    const text = await shown('featkit', body.sent)
    expect(text).toContain('The answer is less exact on purpose')
    expect(text).toContain('lower-case')
    const { body: late } = await spoil('featkit', 'old')
    expect(await shown('featkit', late.sent)).toContain('Both are the same')
  })

  it('shows the claims, the times and the formula', async () => {
    const { body } = await spoil('seggwat-hmac', 'letter', 'zoe')
    const text = await shown('seggwat-hmac', body.signed)
    expect(text).toMatch(/"sub": "zoe", "email": "zoe@lantern.example", "name": "Zoë Lindström"/)
    expect(text).toMatch(/Issued \d+ \w+ \d{4}, [\d:]+ UTC \. Expires \d+ \w+ \d{4}, [\d:]+ UTC/)
    expect(text).toContain(
      '= base64url(HMAC-SHA256(secret, payload, decoded)) This is signed: {"sub":"zoe",',
    )
  })

  it.each(['', 'nonsense', '<script>', 'POST http://x HTTP/1.1\n\n{', '\u0000'])(
    'reads %j without an error',
    async (text) => {
      for (const { id } of FORMATS) expect(await shown(id, text)).toContain(': failed')
    },
  )

  it('refuses a text that is much too long, without a stack', async () => {
    const sent = request(app).post('/lab/featkit/check').set('content-type', 'text/plain')
    const { body } = await sent.send('x'.repeat(70_000)).expect(413)
    expect(body).toEqual({ title: 'The app could not answer', status: 413 })
  })

  it('breaks nothing while no user is signed in', async () => {
    expect((await spoil('featkit', 'letter', '')).status).toBe(401)
  })

  it('knows where each refusal of a verifier belongs', () => {
    const others = [
      'unauthenticated',
      'csrf_rejected',
      'method_not_allowed',
      'user_invalid',
      'user_unavailable',
      'prefetch_refused',
      'return_to_invalid',
    ]
    const known = Object.keys(REJECTIONS).filter((code) => !others.includes(code))
    const placed = Object.values(STAGES).flatMap(([, ...codes]) => codes)
    expect(placed.sort()).toEqual(known.sort())
  })
})
