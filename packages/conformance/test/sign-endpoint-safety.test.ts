import { REJECTIONS } from '@countersign/core'
import { featkit } from '@countersign/schemes'
import { sendRaw } from '../src'
import { FRAMEWORKS, running } from './transport-frameworks'
import { portals, SECRET } from './transport-kit'
import {
  ADA,
  call,
  expectNothingSigned,
  LINKS,
  outcome,
  SCHEMES,
  sentWith,
  signing,
  type AnyOptions,
} from './sign-endpoint-kit'

const REDIRECT = { respond: 'redirect' } as const
const ORIGINS = {
  featkit: 'https://featkit.com',
  seggwat: 'https://seggwat.com',
  jwt: 'https://seggwat.com',
  harlyy: 'https://survey.harlyy.com',
}

describe.each(FRAMEWORKS)('what a sign endpoint keeps to itself, on $name', (framework) => {
  it('SE-25 never shows the secret, in no spelling, whatever is asked', async () => {
    const warned = jest.spyOn(process, 'emitWarning').mockReturnValue()
    const shown: string[] = []
    const ways: readonly AnyOptions[] = [
      {},
      { user: () => null },
      { user: () => ({ ...ADA, name: 5 }) },
      { now: () => 0 },
    ]
    const requests = [{}, { method: 'PUT' }, { method: 'GET' }, sentWith(['Origin', 'null'])]
    for (const scheme of SCHEMES) {
      for (const options of ways) {
        for (const request of requests) {
          const answer = await call(framework, { portal: portals()[scheme], options }, request)
          shown.push(unfolded([...answer.rawHeaders.flat(), answer.body].join('\n')))
        }
      }
    }
    shown.push(JSON.stringify(warned.mock.calls))
    warned.mockRestore()
    expect(shown).toHaveLength(81)
    const spellings = Object.values(SECRET).flatMap(everySpelling)
    expect(shown.filter((text) => spellings.some((each) => text.includes(each)))).toEqual([])
  })

  it('SE-28 goes where the portal says, whatever the query says', async () => {
    const query = 'returnTo=https://evil.test&url=//evil.test&redirect=https://evil.test&next=/x'
    const request = { target: `/api/sign?${query}`, method: 'GET' }
    const portal = portals().featkit
    const json = await call(framework, { portal }, request)
    const { url } = JSON.parse(json.body) as { url: string }
    expect(url).toMatch(/^https:\/\/featkit\.com\/p\/acme\?token=[\w=.-]+$/)
    const redirect = await call(framework, { portal, options: REDIRECT }, request)
    expect(redirect.headers['location']).toBe(url)
    expect(`${json.body} ${JSON.stringify(redirect)}`).not.toMatch(/evil\.test|next/)
  })

  it.each(LINKS)('SE-29 redirects to the portal and shows nothing else: %s', async (scheme) => {
    const portal = portals()[scheme]
    for (const method of ['GET', 'POST', 'HEAD']) {
      const { status, headers, body } = await call(
        framework,
        { portal, options: REDIRECT },
        { method },
      )
      expect(status).toBe(302)
      expect(new URL(headers['location'] ?? '').origin).toBe(ORIGINS[scheme])
      expect(headers['referrer-policy']).toBe('no-referrer')
      expect(headers['cache-control']).toBe('no-store')
      expect(headers['x-content-type-options']).toBe('nosniff')
      expect(headers['content-type'] ?? '').not.toContain('html')
      expect(body).toBe('')
    }
  })

  it('SE-29 redirects to the server that the portal was given', async () => {
    const baseUrl = 'https://feedback.example.com/eu/'
    const portal = featkit({ slug: 'acme', secret: SECRET.featkit, baseUrl })
    const { headers } = await call(framework, { portal, options: REDIRECT }, { method: 'GET' })
    expect(headers['location']).toMatch(
      /^https:\/\/feedback\.example\.com\/eu\/p\/acme\?token=[\w=.-]+$/,
    )
  })

  it('SE-29 redirects nobody who may not', async () => {
    const portal = portals().featkit
    const options = { ...REDIRECT, user: () => null }
    const nobody = await call(framework, { portal, options }, { method: 'GET' })
    expect(outcome(nobody)).toBe('401 unauthenticated')
    expectNothingSigned(nobody)
    const request = { method: 'GET', ...sentWith(['Sec-Fetch-Site', 'cross-site']) }
    const stranger = await call(framework, { portal, options: REDIRECT }, request)
    expect(outcome(stranger)).toBe('403 csrf_rejected')
    expectNothingSigned(stranger)
  })

  it('SE-31 counts no calls: limits are for the middleware before it', async () => {
    expect(Object.values(REJECTIONS).map(({ status }) => status)).not.toContain(429)
    const statuses = await running(framework, [signing(portals().fdback)], async (port) => {
      const post = { method: 'POST', target: '/' }
      const answers = await Promise.all(Array.from({ length: 60 }, () => sendRaw(port, post)))
      return answers.map(({ status }) => status)
    })
    expect(statuses).toEqual(Array(60).fill(200))
  })
})

/** A text with everything in it that could be base64 taken apart, beside the text itself. */
function unfolded(text: string): string {
  const parts = text.match(/[\w+/=-]{8,}/g) ?? []
  return [text, ...parts.map((part) => Buffer.from(part, 'base64').toString('latin1'))].join('\n')
}

/** A secret as text, hex, percent-encoding and base64 at each of the three offsets. */
function everySpelling(secret: string): readonly string[] {
  const bytes = Buffer.from(secret)
  const hex = bytes.toString('hex')
  const percent = hex.replace(/../g, '%$&')
  const base64 = ['', 'x', 'xy'].map((before) => {
    const text = Buffer.from(before + secret).toString('base64url')
    return text.slice(before === '' ? 0 : 4, -4)
  })
  return [secret, hex, hex.toUpperCase(), percent, percent.toUpperCase(), ...base64]
}
