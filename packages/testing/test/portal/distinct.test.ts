import { requireSignedUser } from '@countersign/express'
import {
  base64url,
  compact,
  defineScheme,
  hmacSha256,
  identifier,
  memoryReplayStore,
  optional,
  query,
  seconds,
  text,
} from '@countersign/core'
import { fdback } from '@countersign/schemes'
import { portalCases } from '@countersign/testing'
import express from 'express'
import { failingIds } from '../support/failing'
import { now, secret } from '../support/mint-portals'

/** Single-use without a nonce, and with times of a second. */
const stamp = defineScheme({
  name: 'stamp',
  carrier: query('stamp', { verbatim: true }),
  codec: compact({ payload: base64url, signature: base64url, signs: 'text' }),
  mac: hmacSha256,
  claims: {
    user: { id: identifier('who'), email: optional(text('mail')), name: optional(text('called')) },
    issuedAt: seconds('at'),
    unknown: 'refuse',
  },
  limits: { maxLifetime: 600, window: 600 },
  singleUse: { when: 'with-store', by: 'signing-input' },
  address: { origin: 'https://stamp.example', path: () => '/', ids: [], expiresIn: 600 },
})

const portals = [
  ['that are told apart by a millisecond', fdback({ secret, workspaceId: 'ws_demo' })],
  ['that are told apart by a second', stamp({ secret })],
] as const

describe.each(portals)('one-time credentials %s', (_, portal) => {
  it('are never the same twice, even where the clock stands still', async () => {
    const replayStore = memoryReplayStore({ now })
    const app = express().use(requireSignedUser(portal, { now, replayStore }), (_req, res) => {
      res.end('welcome')
    })
    const cases = portalCases(portal, '/vote', { now, replayStore })
    expect(cases.map(({ id }) => id)).toContain('one-winner')
    expect(await failingIds(cases, app)).toEqual([])
    expect(await failingIds(cases, app)).toEqual([]) // the store remembers all of the first run
  })
})
