import { memoryReplayStore, type ReplayStore } from '@countersign/core'
import { sendRaw, type RawHeader } from '../src'
import { answer, FRAMEWORKS, guard, greet, judge, running, type Step } from './transport-frameworks'
import { featkitQuery, harlyyQuery, jsonPost, portals } from './transport-kit'

const PREFETCHES: readonly RawHeader[] = [
  ['Purpose', 'prefetch'],
  ['Sec-Purpose', 'prefetch'],
  ['Sec-Purpose', 'prefetch;prerender'],
]
const PREFLIGHT: readonly RawHeader[] = [
  ['Origin', 'https://app.test'],
  ['Access-Control-Request-Method', 'POST'],
]

/** A memory store that keeps a record of what it was asked. */
function recordingStore(): ReplayStore & { readonly asked: string[] } {
  const store = memoryReplayStore()
  const asked: string[] = []
  return {
    durable: false,
    asked,
    claim: (key, expiresAt) => (asked.push('claim'), store.claim(key, expiresAt)),
    has: (key) => (asked.push('has'), store.has(key)),
  }
}

describe.each(FRAMEWORKS)('what a method does to a one-time link, on $name', (framework) => {
  it('TP-16 verifies a HEAD and uses nothing up', async () => {
    const target = `/?${await harlyyQuery()}`
    const outcomes = await judge(
      framework,
      { portal: portals().harlyy },
      { method: 'HEAD', target },
      { method: 'HEAD', target },
      { method: 'POST', target },
      { method: 'HEAD', target },
    )
    expect(outcomes).toEqual(['200', '200', '200', '401 token_replayed'])
  })

  it('TP-17 verifies a GET and uses nothing up', async () => {
    const target = `/?${await harlyyQuery()}`
    const replayStore = recordingStore()
    const trial = { portal: portals().harlyy, options: { replayStore } }
    expect(await judge(framework, trial, { target }, { target })).toEqual(['200', '200'])
    expect(replayStore.asked).toEqual(['has', 'has'])
  })

  it('TP-18 uses it up by the POST that follows a GET, and refuses all that come after', async () => {
    const target = `/?${await harlyyQuery()}`
    const outcomes = await judge(
      framework,
      { portal: portals().harlyy },
      { target },
      { method: 'POST', target },
      { method: 'POST', target },
      { target },
      { method: 'DELETE', target },
    )
    const replayed = '401 token_replayed'
    expect(outcomes).toEqual(['200', '200', replayed, replayed, replayed])
  })

  it('TP-19 takes the method from the request line, never from an override', async () => {
    const query = await harlyyQuery()
    const replayStore = recordingStore()
    const outcomes = await judge(
      framework,
      { portal: portals().harlyy, options: { replayStore } },
      { target: `/?${query}`, headers: [['X-HTTP-Method-Override', 'POST']] },
      { target: `/?${query}&_method=POST`, headers: [['X-Method-Override', 'DELETE']] },
      { method: 'POST', target: `/?${query}`, headers: [['X-HTTP-Method-Override', 'GET']] },
    )
    expect(outcomes).toEqual(['200', '200', '200'])
    expect(replayStore.asked).toEqual(['has', 'has', 'claim'])
  })

  it('TP-20 uses nothing up on a prefetch, even where GET consumes', async () => {
    const target = `/?${await harlyyQuery()}`
    const replayStore = recordingStore()
    const trial = { portal: portals().harlyy, options: { replayStore, consume: ['GET'] } }
    const prefetches = PREFETCHES.map((header) => ({ target, headers: [header] }))
    const outcomes = await judge(framework, trial, ...prefetches, { target }, { target })
    expect(outcomes).toEqual(['200', '200', '200', '200', '401 token_replayed'])
    expect(replayStore.asked).toEqual(['has', 'has', 'has', 'claim', 'claim'])
  })

  it('TP-21 judges a preflight like any other request, and uses nothing up', async () => {
    const target = `/?${await harlyyQuery()}`
    const outcomes = await judge(
      framework,
      { portal: portals().harlyy },
      { method: 'OPTIONS', target: '/', headers: PREFLIGHT },
      { method: 'OPTIONS', target, headers: PREFLIGHT },
      { method: 'POST', target },
    )
    expect(outcomes).toEqual(['401 credential_missing', '200', '200'])
  })

  it('TP-21 leaves preflights to what stands in front of it', async () => {
    const cors: Step = {
      express: () => (req, res, next) =>
        void (req.method === 'OPTIONS' ? res.sendStatus(204) : next()),
      koa: () => async (ctx, next) => (ctx.method === 'OPTIONS' ? void (ctx.status = 204) : next()),
    }
    const reached = jest.fn()
    const steps = [cors, guard(portals().featkit), answer(reached)]
    const request = { method: 'OPTIONS', target: '/', headers: PREFLIGHT }
    const { status } = await running(framework, steps, (port) => sendRaw(port, request))
    expect(status).toBe(204)
    expect(reached).not.toHaveBeenCalled()
  })

  it('TP-22 refuses an OPTIONS that is no preflight and carries nothing', async () => {
    const request = { method: 'OPTIONS', target: '/' }
    expect(await judge(framework, { portal: portals().featkit }, request)).toEqual([
      '401 credential_missing',
    ])
  })

  it('TP-28 verifies and uses up once where one guard stands twice on the way', async () => {
    const replayStore = recordingStore()
    const verified = jest.fn()
    const twice = guard(portals().harlyy, { replayStore, onVerified: verified })
    await running(framework, [twice, twice, greet], async (port) => {
      const request = { method: 'POST', target: `/?${await harlyyQuery()}` }
      expect((await sendRaw(port, request)).status).toBe(200)
      expect(verified).toHaveBeenCalledTimes(1)
      expect(replayStore.asked).toEqual(['claim'])
      expect((await sendRaw(port, request)).status).toBe(401)
    })
  })

  it('TP-28 uses up once where two guards of one portal stand on the way', async () => {
    const { harlyy, fdback } = portals()
    const link = { method: 'POST', target: `/?${await harlyyQuery()}` }
    for (const [portal, request] of [
      [harlyy, link],
      [fdback, await jsonPost()],
    ] as const) {
      const replayStore = recordingStore()
      const steps = [guard(portal, { replayStore }), guard(portal, { replayStore }), greet]
      await running(framework, steps, async (port) => {
        expect((await sendRaw(port, request)).status).toBe(200)
        expect(replayStore.asked).toEqual(['claim'])
        expect((await sendRaw(port, request)).status).toBe(401)
      })
    }
  })

  it('lets the application use it up itself, once a request', async () => {
    const replayStore = recordingStore()
    const steps = [
      guard(portals().harlyy, { replayStore, consume: 'manual' }),
      answer(async ({ auth }) => {
        await Promise.all([auth?.consume(), auth?.consume()])
        return {}
      }),
    ]
    await running(framework, steps, async (port) => {
      const request = { method: 'POST', target: `/?${await harlyyQuery()}` }
      expect((await sendRaw(port, request)).status).toBe(200)
      expect(replayStore.asked).toEqual(['has', 'claim'])
      expect((await sendRaw(port, request)).status).toBe(401)
    })
  })

  it('uses up nothing of a link that may be opened again and again', async () => {
    const replayStore = recordingStore()
    const trial = { portal: portals().featkit, options: { replayStore } }
    const post = { method: 'POST', target: `/?${await featkitQuery()}` }
    expect(await judge(framework, trial, post, post)).toEqual(['200', '200'])
    expect(replayStore.asked).toEqual([])
  })
})
