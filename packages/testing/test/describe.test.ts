import { memoryReplayStore } from '@countersign/core'
import { featkit } from '@countersign/core/schemes'
import { requireSignedUser } from '@countersign/express'
import { describePortal, describeReplayStore } from '@countersign/testing'
import express from 'express'
import { secret } from './support/samples'

const links = featkit({ secret, slug: 'acme' })
// the one-call form, as a suite of one's own has it; `presets.test.ts` has the others
describeReplayStore(() => memoryReplayStore(), { leases: true })

it('describePortal passes a timeout to mocha, and warns once of what is only lenient', async () => {
  const lenient = express().use((req, res, next) => {
    const guard = requireSignedUser(links) as express.RequestHandler // its locals are narrower
    return /token=.*&token=/.test(req.url) ? void res.json({}) : guard(req, res, next)
  })
  lenient.use((_req, res) => void res.json({}))
  const tests = new Map<string, () => Promise<unknown>>()
  const timeouts = new Set<number>()
  let finish = (): void => undefined
  const { describe, it: test, afterAll } = globalThis
  Object.assign(globalThis, {
    describe: (_title: string, inner: () => void) => inner(),
    it: (name: string, each: () => Promise<unknown>) => {
      tests.set(name, each)
      return { timeout: (ms: number) => timeouts.add(ms) }
    },
    afterAll: (each: () => void) => (finish = each),
  })
  try {
    describeReplayStore(() => memoryReplayStore())
    describePortal(lenient, { route: '/portal', portal: links, codes: false })
  } finally {
    Object.assign(globalThis, { describe, it: test, afterAll })
  }
  expect(timeouts).toEqual(new Set([60_000, 181_000]))
  await tests.get('refuses a request with the parameter twice')?.()
  const warned = jest.spyOn(process, 'emitWarning').mockImplementation()
  finish()
  const text = /more lenient .* in 1 ways, none of them a way in: duplicateParameter$/
  expect(warned.mock.calls).toEqual([[expect.stringMatching(text), expect.anything()]])
  warned.mockRestore()
})
