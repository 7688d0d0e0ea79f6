import { ConfigError } from '@countersign/core'
import { sendRaw, type RawRequest } from '../src'
import { PARSERS } from './body-parsers'
import { ask, FRAMEWORKS, guard, greet, publicCode, running } from './transport-frameworks'
import { fdbackPost, formPost, jsonPost, portals } from './transport-kit'

describe.each(FRAMEWORKS)('a guard behind the parser, on $name', (framework) => {
  const { keeping, losing } = PARSERS[framework.family]

  it.each(keeping)('TP-30 checks the bytes that $name has kept', async ({ step }) => {
    const tampered = await jsonPost()
    const requests: readonly RawRequest[] = [
      await jsonPost(),
      await formPost(),
      { ...(await jsonPost()), body: [...tampered.body] },
      { ...tampered, body: tampered.body.replace('Ada', 'Eve') },
      { ...tampered, body: tampered.body.replace('{', '{ ') },
    ]
    const statuses = await running(
      framework,
      [step, guard(portals().fdback), greet],
      async (port) => {
        const answers = []
        for (const request of requests) answers.push((await sendRaw(port, request)).status)
        return answers
      },
    )
    expect(statuses).toEqual([200, 200, 200, 401, 401])
  })

  it('checks text that a parser has kept, byte for byte', async () => {
    const { headers, body } = await fdbackPost('\u0160\u00e9 \u{1f600} "quoted"')
    const text = {
      method: 'POST',
      target: '/',
      headers: [...headers, ['Content-Type', 'text/plain; charset=utf-8']],
      body,
    } as const
    const last = keeping.at(-1)
    expect(last?.name).toMatch(/text/)
    const steps = [last?.step ?? greet, guard(portals().fdback), greet]
    expect((await ask(framework, steps, text)).status).toBe(200)
  })

  it.each(losing)('TP-29 says at once that $name has left no bytes', async ({ step }) => {
    const seen: unknown[] = []
    const onRejected = (error: unknown): void => void seen.push(error)
    const stringify = jest.spyOn(JSON, 'stringify')
    const warned = jest.spyOn(process, 'emitWarning').mockImplementation()
    const steps = [step, guard(portals().fdback, { onRejected }), greet]
    for (const request of [await jsonPost(), await formPost()]) {
      stringify.mockClear()
      const answer = await ask(framework, steps, request)
      expect([answer.status, publicCode(answer)]).toEqual([500, 'server_error'])
      expect(answer.body).not.toContain('keepRawBody')
      const written = stringify.mock.calls.map(([value]) => Object.keys(value as object))
      expect(written).toEqual([['type', 'title', 'status', 'code']])
    }
    stringify.mockRestore()
    expect(seen).toHaveLength(2)
    for (const error of seen) {
      expect(error).toBeInstanceOf(ConfigError)
      expect(error).toMatchObject({ code: 'raw_body_unavailable', status: 500 })
      expect((error as Error).message).toContain('express.json({ verify: keepRawBody })')
    }
    expect(warned.mock.calls.map(([text]) => String(text))).toEqual([
      expect.stringContaining('keepRawBody'),
    ])
    warned.mockRestore()
  })
})
