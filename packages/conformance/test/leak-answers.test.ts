import { REJECTIONS } from '@countersign/core'
import {
  catalogue,
  httpFronts,
  PATH,
  verdictOf,
  wireText,
  type Answer,
  type RawRequest,
} from '../src'
import { ask, everywhere, responseOf, type Question } from './ask'
import { asData, forge } from './forge'

const publicCode = (answer: Answer): unknown =>
  (JSON.parse(responseOf(answer).body) as { readonly code: unknown }).code

describe('LK-05: an unknown tenant', () => {
  it.each(httpFronts)(
    'is told the same, byte for byte, as a bad signature, on $name',
    async (front) => {
      const [unknown, bad] = ['FB-TENANT-01', 'FB-SIG-06'].map((id) =>
        catalogue.cases.find((each) => each.id === id),
      )
      const requests = [unknown?.requests[0], bad?.requests[0]] as RawRequest[] // both are there
      const answers = await Promise.all(
        requests.map((request) => ask(front, { scheme: 'fdback', request })),
      )
      expect(answers.map(verdictOf)).toEqual(['401 signature_invalid', '401 signature_invalid'])
      const [toUnknown, toBad] = answers.map((answer) => wireText(responseOf(answer)))
      expect(toUnknown).toBe(toBad)
    },
  )
})

describe('LK-06: a credential that has expired', () => {
  it.each(everywhere)(
    'is only invalid where it is forged as well: $scheme on $name',
    async (each) => {
      const { front, scheme } = each
      const expired = forge(scheme, { later: -7200 })
      const forged = forge(scheme, { later: -7200, secret: 'a-secret-of-somebody-else-entirely' })
      const answers = [
        await ask(front, { scheme, request: expired }),
        await ask(front, { scheme, request: forged }),
      ]
      expect(answers.map(verdictOf)).toEqual(['401 token_expired', '401 signature_invalid'])
      expect(answers.map(publicCode)).toEqual(['token_expired', 'invalid_token'])
    },
  )
})

describe('LK-07: the challenge', () => {
  const hostile: readonly Question[] = [
    {
      scheme: 'featkit',
      request: { target: `${PATH}?token=%22,%20x=%22%0d%0aX-Injected:%201%c3%a9` },
    },
    { scheme: 'harlyy', request: { method: 'POST', target: `${PATH}?sig="\\x"%0aX-Injected:1` } },
    {
      scheme: 'jwt',
      options: { bearer: true },
      request: { target: PATH, headers: [['authorization', 'Bearer "\u00e9", realm="x"']] },
    },
    {
      scheme: 'fdback',
      request: {
        ...forge('fdback'),
        headers: [
          ['x-workspace-id', 'ws"\u00e9", error="x'],
          ['x-timestamp', '"1"'],
          ['x-signature', '\u00ff"\\'],
        ],
      },
    },
  ]
  const { title, challenge } = REJECTIONS.token_malformed

  it.each(
    hostile.flatMap((each) => httpFronts.map((front) => ({ ...each, front, name: front.name }))),
  )('repeats nothing that was sent: $scheme on $name', async ({ front, ...question }) => {
    const answer = await ask(front, question)
    expect(verdictOf(answer)).toBe('401 token_malformed')
    const { headers, rawHeaders } = responseOf(answer)
    const expected = `Bearer error="${challenge}", error_description="${title}"`
    expect(headers['www-authenticate']).toBe(expected)
    expect(rawHeaders.filter(([name]) => /injected/i.test(name))).toEqual([])
  })
})

describe('LK-08: markup in a credential', () => {
  const markup = ['<img/src=x/onerror=1>.x', '%3Cimg%20src=x%20onerror=1%3E.x']

  it.each(httpFronts)('is not repeated to a browser that wants HTML, on $name', async (front) => {
    for (const token of markup) {
      const request = {
        target: `${PATH}?token=${token}`,
        headers: [['accept', 'text/html']],
      } as const
      const answer = await ask(front, { scheme: 'featkit', request })
      expect(verdictOf(answer)).toBe('401 token_malformed')
      const response = responseOf(answer)
      expect(response.headers['content-type']).toBe('application/problem+json')
      expect(response.headers['x-content-type-options']).toBe('nosniff')
      expect(wireText(response)).not.toMatch(/img|onerror|</)
    }
  })
})

describe('LK-11: an answer to a credential in the URL', () => {
  it.each(everywhere)('is kept out of caches and referrers: $scheme on $name', async (each) => {
    const { front, scheme } = each
    const request = scheme === 'fdback' ? asData(forge(scheme)) : forge(scheme)
    const answer = await ask(front, { scheme, request })
    expect(verdictOf(answer)).toBe('200')
    const { headers } = responseOf(answer)
    expect(headers['cache-control']).toBe('private, no-store')
    expect(headers['referrer-policy']).toBe('no-referrer')
  })
})

describe('LK-16: a problem', () => {
  it.each(httpFronts)('names no instance and no query, on $name', async (front) => {
    const request = forge('featkit', { later: -7200 })
    const target = `${request.target}&who=someone-in-the-query`
    const { body } = responseOf(await ask(front, { scheme: 'featkit', request: { target } }))
    expect(Object.keys(JSON.parse(body) as object)).toEqual(['type', 'title', 'status', 'code'])
    expect(body).not.toMatch(/\?|someone|portal/)
  })
})
