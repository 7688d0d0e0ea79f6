import { once } from 'node:events'
import { request } from 'node:http'
import { connect } from 'node:net'
import { createSigner } from '@countersign/core'
import { featkit } from '@countersign/core/schemes'
import { startDebugger, type Running } from '../src/serve/server'
import { NOW, secret } from './support/built'
import { run } from './support/console'

const portal = featkit({ secret, slug: 'acme' })
let running: Running

beforeAll(async () => {
  const opened = { name: 'featkit', portal, secret, ids: { slug: 'acme' }, now: () => NOW }
  running = await startDebugger(opened, 0)
})
afterAll(() => running.close())

interface Asked {
  readonly method?: string
  readonly path?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly form?: Readonly<Record<string, string>>
}

function ask({ method, path = '', headers = {}, form }: Asked) {
  const sent = { method: method ?? (form ? 'POST' : 'GET'), headers }
  return new Promise<{ status: number; headers: NodeJS.Dict<unknown>; text: string }>(
    (resolve, reject) => {
      const asked = request(new URL(path, running.url), sent, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8')
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text })
        })
      })
      asked.on('error', reject)
      asked.end(form && String(new URLSearchParams(form)))
    },
  )
}

describe('the debugger', () => {
  it('listens at one address of the loopback interface alone', async () => {
    expect(running.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[0-9a-f]{32}\/$/)
    const elsewhere = connect(Number(new URL(running.url).port), '127.0.0.2')
    const [event] = await Promise.race([
      once(elsewhere, 'connect').then(() => ['connect']),
      once(elsewhere, 'error').then(() => ['error']),
    ]).catch(() => ['error'])
    elsewhere.destroy()
    expect(event).toBe('error')
  })

  it.each<[string, number, Asked]>([
    ['its page', 200, {}],
    ['a path without the key', 404, { path: '/' }],
    ['a path with another key', 404, { path: `/${'0'.repeat(32)}/` }],
    ['an unknown path', 404, { path: 'other' }],
    ['a name that was rebound to this machine', 404, { headers: { host: 'attacker.example' } }],
    ['a post to an unknown path', 404, { path: 'other', form: {} }],
    ['another method', 405, { method: 'PUT' }],
    [
      'a post of another site',
      403,
      { path: 'sign', form: {}, headers: { origin: 'https://a.example' } },
    ],
    [
      'a post of a page without an origin',
      403,
      { path: 'sign', form: {}, headers: { origin: 'null' } },
    ],
    ['a form of 300 kB', 500, { path: 'check', form: { given: 'x'.repeat(300_000) } }],
  ])('answers %s with %i, and allows no other source', async (_, status, asked) => {
    const answer = await ask(asked)
    expect(answer.status).toBe(status)
    expect(answer.headers).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    })
    const policy = String(answer.headers['content-security-policy']).split('; ')
    expect(policy).toEqual(
      expect.arrayContaining([
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
      ]),
    )
    expect(policy.join()).not.toContain('unsafe')
  })

  it('writes what was pasted as text', async () => {
    const given = '  <b>"\u0000&amp; \n?token=x'
    const { text } = await ask({ path: 'check', form: { given } })
    expect(text).toContain('&lt;b&gt;&quot;')
    expect(text).toContain('✖ Refused')
    expect(text).not.toContain('<b>')
  })

  it('contains the secret in no answer', async () => {
    const { url } = await createSigner(portal, { now: () => NOW }).sign({ id: '42' })
    const answers = await Promise.all([
      ask({}),
      ask({ path: 'style.css' }),
      ask({ path: 'check', form: { given: url } }),
      ask({ path: 'check', form: { given: `${url}00` } }),
      ask({ path: 'sign', form: { id: '42' } }),
      ask({ path: 'sign', form: { id: '' } }),
    ])
    for (const { text } of answers) expect(text).not.toContain(secret)
    expect(answers.at(-1)!.text).toContain('Failed</strong> User cannot be signed')
  })
})

describe('countersign serve', () => {
  const serve = ['serve', '-p', 'featkit', '--secret-env', 'SECRET', '--port']

  it('does not start in production', async () => {
    const { code, out, err } = await run([...serve, '0'], { env: { NODE_ENV: 'production' } })
    expect([code, out]).toEqual([3, ''])
    expect(err).toContain('does not start where NODE_ENV is "production"')
  })

  it('says that a port is in use', async () => {
    const { code, err } = await run([...serve, new URL(running.url).port])
    expect([code, err]).toEqual([
      3,
      expect.stringMatching(/^Port \d+ cannot be used \(EADDRINUSE\)/),
    ])
  })
})
