import { createSigner, fdback, featkit, seggwat, type PortalUser } from '@countersign/express'
import { sendRaw } from '../src'
import {
  answer,
  ask,
  before,
  FRAMEWORKS,
  guard,
  greet,
  judge,
  readUrls,
  running,
} from './transport-frameworks'
import { ADA, featkitQuery, jsonPost, now, portals, queryOf, SECRET } from './transport-kit'

describe.each(FRAMEWORKS)('the options of a guard, on $name', (framework) => {
  it('`tenant` finds the secret and the project in the request, never in the credential', async () => {
    const secrets: Record<string, string> = {
      one: `${SECRET.seggwat}-1`,
      two: `${SECRET.seggwat}-2`,
    }
    const signed = (projectKey: string, secret = secrets[projectKey]) =>
      queryOf(seggwat({ projectKey, secret }), ADA)
    const trial = {
      portal: seggwat({ secret: ({ tenant }) => secrets[tenant ?? ''] ?? null }),
      options: { tenant: hostLabel },
    }
    const request = async (host: string, query: Promise<string>) =>
      ({ target: `/?${await query}`, headers: [['Host', `${host}.test`]] }) as const
    const outcomes = await judge(
      framework,
      trial,
      await request('one', signed('one')),
      await request('two', signed('two')),
      await request('two', signed('one')),
      await request('two', signed('one', secrets['two'])),
      await request('three', signed('one')),
    )
    expect(outcomes).toEqual([
      '200',
      '200',
      '401 signature_invalid',
      '401 audience_mismatch',
      '401 signature_invalid',
    ])
  })

  it('without `tenant`, takes the workspace of a fdback request for its tenant', async () => {
    const seen: unknown[] = []
    const portal = fdback({
      secret: (asked) => {
        seen.push(asked)
        return asked.tenant === 'ws_demo' ? SECRET.fdback : null
      },
    })
    const post = await jsonPost()
    const elsewhere = post.headers.map(
      ([name, value]) => [name, name === 'x-workspace-id' ? 'ws_other' : value] as const,
    )
    const trial = { portal, options: {} }
    expect(await judge(framework, trial, post, { ...post, headers: elsewhere })).toEqual([
      '200',
      '401 signature_invalid',
    ])
    expect(seen).toEqual([
      { tenant: 'ws_demo', scheme: 'fdback' },
      { tenant: 'ws_other', scheme: 'fdback' },
    ])
  })

  it('waits for a secret that has to be looked up, and answers 503 where that fails', async () => {
    const found = seggwat({ projectKey: 'abc123', secret: async () => SECRET.seggwat })
    const lost = seggwat({ projectKey: 'abc123', secret: () => Promise.reject(new Error('down')) })
    const target = `/?${await queryOf(portals().seggwat, ADA)}`
    expect(await judge(framework, { portal: found }, { target })).toEqual(['200'])
    expect(await judge(framework, { portal: lost }, { target })).toEqual(['503 secret_unavailable'])
  })

  it('observers see the request and what became of it, and change nothing by failing', async () => {
    const seen: unknown[] = []
    const failing =
      (name: string) =>
      (what: { code?: string; user?: PortalUser }, native: unknown): never => {
        seen.push([name, what.code ?? what.user?.id, typeof native])
        throw new Error('an observer fails')
      }
    const [old, current] = [SECRET.featkit, `${SECRET.featkit}-new`]
    const steps = [
      guard(featkit({ secret: [current, old] }), {
        onVerified: failing('verified'),
        onRejected: failing('rejected'),
        onRotatedKey: failing('rotated'),
      }),
      greet,
    ]
    const warned = jest.spyOn(process, 'emitWarning').mockImplementation()
    const fresh = await queryOf(featkit({ slug: 'acme', secret: current }), ADA)
    const statuses = await running(framework, steps, async (port) => [
      (await sendRaw(port, { target: `/?${await featkitQuery()}` })).status,
      (await sendRaw(port, { target: `/?${fresh}` })).status,
      (await sendRaw(port, { target: '/?token=x' })).status,
    ])
    warned.mockRestore()
    expect(statuses).toEqual([200, 200, 401])
    expect(seen).toEqual([
      ['verified', 'u-1', 'object'],
      ['rotated', 'u-1', 'object'],
      ['verified', 'u-1', 'object'],
      ['rejected', 'token_malformed', 'object'],
    ])
  })
})

/** The first label of the host, which is the application's own way to name its tenants. */
function hostLabel(native: unknown): string | undefined {
  const { headers } = native as { readonly headers: Readonly<Record<string, string>> }
  return headers['host']?.split('.')[0]
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

describe.each(FRAMEWORKS)('a URL that held a credential, on $name', (framework) => {
  it('keeps the answer out of caches and the URL out of the next request', async () => {
    const { featkit: portal, fdback: other } = portals()
    const { token = '' } = await createSigner(portal, { now }).sign(ADA)
    const headersOf = async (
      steps: Parameters<typeof ask>[1],
      request: Parameters<typeof ask>[2],
    ) => {
      const { status, headers } = await ask(framework, steps, request)
      return [status, headers['cache-control'], headers['referrer-policy']]
    }
    const guarded = [guard(portal, { bearer: true, mode: 'optional' }), greet]
    const asBearer = { target: '/', headers: [['Authorization', `Bearer ${token}`]] } as const
    expect(await headersOf(guarded, { target: `/?token=${token}` })).toEqual([
      200,
      'private, no-store',
      'no-referrer',
    ])
    expect(await headersOf(guarded, asBearer)).toEqual([200, undefined, undefined])
    expect(await headersOf(guarded, { target: '/' })).toEqual([200, undefined, undefined])
    expect(await headersOf([guard(other), greet], await jsonPost())).toEqual([
      200,
      undefined,
      undefined,
    ])
  })

  it('`stripCredential` takes it out of all that later middleware sees, and of nothing else', async () => {
    const query = await featkitQuery()
    const look = answer(({ urls }) => urls)
    const { featkit: portal, fdback: other } = portals()
    const stripped = [guard([portal, other], { stripCredential: true }), look]
    const kept = [guard(portal), look]
    const target = `/a%20b?x=1&${query}&y=%7A&y=2&Token=3`
    expect((await ask(framework, kept, { target })).body).toContain(query)
    for (const steps of [stripped, [readUrls, ...stripped]]) {
      const { body } = await ask(framework, steps, { target })
      expect(body).not.toContain(query.slice('token='.length))
      const urls = JSON.parse(body) as readonly unknown[]
      const [texts, queries] = [urls.filter(isText), urls.filter((url) => !isText(url))]
      expect(texts).toHaveLength(framework.family === 'koa' ? 8 : 2)
      for (const url of texts) expect(url).toMatch(/\/a%20b\?x=1&y=%7A&y=2&Token=3$/)
      expect(queries).toEqual([{ x: '1', y: ['z', '2'], Token: '3' }])
    }
  })

  it('`stripCredential` works behind a Host header that is no host', async () => {
    const steps = [guard(portals().featkit, { stripCredential: true }), greet]
    const target = `/?${await featkitQuery()}`
    const { status } = await ask(framework, steps, { target, headers: [['Host', '[']] })
    expect(status).toBe(200)
  })

  it('`stripCredential` leaves the URL of a refused request as it was sent', async () => {
    const urls: unknown[] = []
    const logger = before((req) => void urls.push(req))
    const forwards = guard(portals().featkit, { stripCredential: true, rejections: 'forward' })
    const { status } = await ask(framework, [logger, forwards], { target: '/?token=x' })
    expect(status).toBe(401)
    expect(urls.map((req) => (req as { url: string }).url)).toEqual(['/?token=x'])
  })
})
