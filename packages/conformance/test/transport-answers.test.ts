import type { GuardOptions, Portal, PortalUser, ReplayStore } from '@countersign/core'
import { signEndpoint as onExpress } from '@countersign/express'
import { signEndpoint as onKoa } from '@countersign/koa'
import { catalogue, catalogueRun, httpFronts, sendRaw, type Answer, type RawAnswer } from '../src'
import { answer, ask, FRAMEWORKS, guard, greet, publicCode, running } from './transport-frameworks'
import type { Step } from './transport-frameworks'
import { ADA, featkitQuery, harlyyQuery, portals } from './transport-kit'

const broken: ReplayStore = {
  durable: true,
  claim: () => Promise.reject(new Error('redis://user:password@store.test')),
  has: () => Promise.reject(new Error('redis://user:password@store.test')),
}

const signing: Step = {
  express: () => onExpress(portals().featkit, { user: () => ADA }),
  koa: () => onKoa(portals().featkit, { user: () => ADA }),
}

describe.each(FRAMEWORKS)('the answer to a refused request, on $name', (framework) => {
  /** One answer of each status that a client can bring about without a body. */
  async function refusals(): Promise<readonly RawAnswer[]> {
    const { featkit, harlyy } = portals()
    const steps = [guard<Portal>([featkit, harlyy], { replayStore: broken }), greet]
    const guarded = await running(framework, steps, async (port) => [
      await sendRaw(port, { target: '/' }),
      await sendRaw(port, { target: '/?token=x' }),
      await sendRaw(port, { target: '/?token=x&token=x' }),
      await sendRaw(port, { target: `/?${await harlyyQuery()}` }),
    ])
    const headers = [['Sec-Fetch-Site', 'cross-site']] as const
    return [...guarded, await ask(framework, [signing], { method: 'POST', target: '/', headers })]
  }

  it('TP-37 holds a challenge on each 401, without an error where nothing was sent', async () => {
    const challenges = (await refusals()).map(({ status, headers }) => [
      status,
      headers['www-authenticate'],
    ])
    expect(challenges).toEqual([
      [401, 'Bearer'],
      [401, 'Bearer error="invalid_token", error_description="Invalid token"'],
      [400, 'Bearer error="invalid_request", error_description="Invalid request"'],
      [503, undefined],
      [403, undefined],
    ])
  })

  it('TP-38 is a problem of four members that nobody keeps or sniffs', async () => {
    const answers = await refusals()
    expect(answers.map((each) => `${each.status} ${publicCode(each)}`)).toEqual([
      '401 credential_missing',
      '401 invalid_token',
      '400 invalid_request',
      '503 store_unavailable',
      '403 csrf_rejected',
    ])
    for (const { status, body, headers } of answers) {
      const problem = JSON.parse(body) as Record<string, unknown>
      expect(Object.keys(problem)).toEqual(['type', 'title', 'status', 'code'])
      expect(problem['status']).toBe(status)
      expect(headers['content-type']).toBe('application/problem+json')
      expect(headers['cache-control']).toBe('no-store')
      expect(headers['x-content-type-options']).toBe('nosniff')
    }
    expect(answers[3]?.headers['retry-after']).toBe('1')
  })

  it('answers a HEAD with the same status and headers, and no content', async () => {
    const steps = [guard(portals().featkit), greet]
    const [get, head] = await running(framework, steps, async (port) => [
      await sendRaw(port, { target: '/?token=x' }),
      await sendRaw(port, { method: 'HEAD', target: '/?token=x' }),
    ])
    expect([get.status, head.status, head.body]).toEqual([401, 401, ''])
    expect({ 'content-length': '108', ...comparable(head) }).toEqual(comparable(get)) // RFC 9110 section 9.3.2: it may be left out
  })
})

describe.each(FRAMEWORKS)('the application behind a guard, on $name', (framework) => {
  it('TP-27 answers for its own errors, which never become a 401', async () => {
    const failures = [
      () => {
        throw new Error('x')
      },
      () => Promise.reject(new Error('x')),
      () => {
        throw Object.assign(new Error('x'), { status: 418 })
      },
    ]
    const rejected = jest.fn()
    const statuses = []
    for (const fail of failures) {
      const steps = [guard(portals().featkit, { onRejected: rejected }), answer(fail)]
      const response = await ask(framework, steps, { target: `/?${await featkitQuery()}` })
      statuses.push(response.status)
      expect(response.headers['www-authenticate']).toBeUndefined()
    }
    expect(statuses).toEqual([500, 500, 418])
    expect(rejected).not.toHaveBeenCalled()
  })

  it('TP-40 shares nothing with another application in the process', async () => {
    const query = await harlyyQuery()
    const post = { method: 'POST', target: `/?${query}` }
    const open = (options: GuardOptions<PortalUser, unknown>) =>
      framework.serve([guard(portals().harlyy, options), greet])
    const servers = await Promise.all([
      open({}),
      open({ mode: 'optional', consume: 'manual' }),
      open({ now: () => Date.UTC(2027, 10, 20) }),
    ])
    const rounds = []
    for (let round = 0; round < 2; round++) {
      for (const { port } of servers) rounds.push((await sendRaw(port, post)).status)
      for (const { port } of servers) rounds.push((await sendRaw(port, { target: '/' })).status)
    }
    await Promise.all(servers.map((server) => server.close()))
    expect(rounds).toEqual([...[200, 200, 401, 401, 200, 401], ...[401, 200, 401, 401, 200, 401]])
  })
})

describe('the four frameworks', () => {
  it('TP-39 give the same answer to every case of the catalogue, header for header', async () => {
    const [first = [], ...others] = await Promise.all(
      httpFronts.map(async (front) => {
        const run = catalogueRun(front)
        const answers: object[] = []
        for (const each of catalogue.cases) {
          answers.push({ id: each.id, answers: (await run.send(each)).map(essence) })
        }
        await run.close()
        return answers
      }),
    )
    expect(first).toHaveLength(catalogue.cases.length)
    expect(others).toHaveLength(3)
    for (const other of others) expect(other).toEqual(first)
  })

  /** A refusal is ours to the last header; of a success only the user is. */
  function essence({ status, code, handled, response }: Answer) {
    const user = handled?.user
    return user ? { status, user } : { status, code, body: response?.body, ...comparable(response) }
  }
})

/** The headers of an answer without those that belong to the server. */
function comparable(response: RawAnswer | undefined): Readonly<Record<string, string>> {
  const { date: _, connection: _c, 'keep-alive': _k, ...headers } = response?.headers ?? {}
  const { 'x-powered-by': _x, ...ours } = headers
  return ours
}
