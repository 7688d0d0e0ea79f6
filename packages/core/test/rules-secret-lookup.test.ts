import { createGuard, Key, type SecretLookup, type SecretSource } from '@countersign/core'
import { forgeMessage } from './support/forge'
import { asking } from './support/lookup'
import { settled } from './support/process'
import { now, view } from './support/request'
import { message } from './support/schemes'
import { CURRENT, FOREIGN } from './support/secrets'

afterEach(() => {
  jest.restoreAllMocks()
  jest.useRealTimers()
})

describe('the lookup of a secret', () => {
  it.each([
    ['an empty text', ''],
    ['an empty Buffer', Buffer.alloc(0)],
    ['an empty list', []],
  ])(
    'SR-12 is misconfigured when it answers %s, whoever signed with the empty key',
    async (_, answer) => {
      expect(await asking(() => answer)({ secret: '' })).toBe('500 misconfigured')
      expect(await asking(async () => answer)({ secret: '' })).toBe('500 misconfigured')
    },
  )

  it.each([null, undefined])(
    'SR-13 answers for no such tenant (%s) as for a bad signature',
    async (nobody) => {
      const portal = message({ secret: ({ tenant }) => (tenant === 'demo' ? CURRENT : nobody) })
      const guard = createGuard(portal, { now })
      const judge = async (workspace: string) => {
        const { headers, body } = forgeMessage({ workspace, secret: FOREIGN })
        return guard.judge(view({ method: 'POST', headers, body }))
      }
      const macs = jest.spyOn(Key.prototype, 'hmac')
      const unknown = await judge('unknown')
      expect(macs).toHaveBeenCalledTimes(1)
      const forged = await judge('demo')
      expect(macs).toHaveBeenCalledTimes(2)
      expect(unknown).toMatchObject({ pass: false, error: { code: 'signature_invalid' } })
      expect('response' in unknown && unknown.response).toEqual(
        'response' in forged && forged.response,
      )
    },
  )

  it.each([
    ['an object', {}],
    ['a number', 42],
    ['a function', () => CURRENT],
    ['true', true],
    ['what every object inherits', ({} as Record<string, unknown>)['constructor']],
  ])('SR-14 is misconfigured when it answers %s', async (_, answer) => {
    const lookup = () => answer as string // wrong on purpose
    expect(await asking(lookup)()).toBe('500 misconfigured')
    expect(await asking(async () => lookup())()).toBe('500 misconfigured')
  })

  it('SR-15 is unavailable when it rejects, and its text stays inside', async () => {
    const fault = new Error('pg://user:pass@host')
    const guard = createGuard(message({ secret: () => Promise.reject(fault) }), { now })
    const { headers, body } = forgeMessage()
    const verdict = await guard.judge(view({ method: 'POST', headers, body }))
    expect(verdict).toMatchObject({
      pass: false,
      error: { code: 'secret_unavailable', cause: fault },
      response: { status: 503, headers: { 'retry-after': '1' } },
    })
    expect(JSON.stringify('response' in verdict && verdict.response)).not.toContain('pass@host')
  })

  it('SR-16 is unavailable after two seconds of silence, and not before', async () => {
    jest.useFakeTimers()
    const answer = asking(() => new Promise<string>(() => undefined))()
    let heard = 'nothing yet'
    const listening = answer.then((text) => (heard = text))
    await jest.advanceTimersByTimeAsync(1_999)
    expect(heard).toBe('nothing yet')
    await jest.advanceTimersByTimeAsync(1)
    expect(await listening).toBe('503 secret_unavailable')
    expect(jest.getTimerCount()).toBe(0)
  })

  it('SR-17 is unavailable when it throws at once, and nothing is left unhandled', async () => {
    const ask = asking(() => {
      throw new Error('no connection')
    })
    expect(await ask()).toBe('503 secret_unavailable')
    await settled()
  })

  it('SR-18 is not asked about a malformed credential', async () => {
    const lookup = jest.fn(() => CURRENT)
    const ask = asking(lookup)
    expect(await ask({ timestamp: 'yesterday' })).toBe('401 token_malformed')
    expect(await ask({ workspace: 'no such/name' })).toBe('401 token_malformed')
    expect(lookup).not.toHaveBeenCalled()
  })

  it('SR-19 is asked once, with a frozen tenant and scheme', async () => {
    const lookup = jest.fn<SecretSource, Parameters<SecretLookup>>(() => CURRENT)
    const ask = asking(lookup as SecretLookup) // a lookup never answers with a lookup
    expect(await ask()).toBe('200')
    expect(lookup.mock.calls).toEqual([[{ tenant: 'demo', scheme: 'message' }]])
    expect(Object.isFrozen(lookup.mock.calls[0]?.[0])).toBe(true)
  })

  it.each([
    ['255 characters', 'a'.repeat(255), '200', 1],
    ['256 characters', 'a'.repeat(256), '401 token_malformed', 0],
    ['a path', '../other', '401 token_malformed', 0],
    ['a quote', "demo'--", '401 token_malformed', 0],
    ['a letter beyond ASCII', 'dém', '401 token_malformed', 0],
  ])('SR-19 is asked only about what can be a name: %s', async (_, workspace, answer, calls) => {
    const lookup = jest.fn(() => CURRENT)
    expect(await asking(lookup)({ workspace })).toBe(answer)
    expect(lookup).toHaveBeenCalledTimes(calls)
  })

  it('SR-23 finds no use for one tenant’s signature under another’s name', async () => {
    const secrets = new Map([
      ['a', CURRENT],
      ['b', FOREIGN],
    ])
    const ask = asking(({ tenant }) => secrets.get(tenant ?? '') ?? null)
    expect(await ask({ workspace: 'a', secret: CURRENT })).toBe('200')
    expect(await ask({ workspace: 'b', secret: CURRENT })).toBe('401 signature_invalid')
  })

  it('SR-24 is misconfigured when it answers nine secrets, and takes eight', async () => {
    const secrets = Array.from({ length: 9 }, (_, index) => `${CURRENT}${index}`)
    expect(await asking(() => secrets)({ secret: secrets[0] as string })).toBe('500 misconfigured')
    const eight = secrets.slice(0, 8)
    expect(await asking(() => eight)({ secret: eight[7] as string })).toBe('200')
  })
})
