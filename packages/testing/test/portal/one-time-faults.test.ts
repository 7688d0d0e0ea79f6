import { requireSignedUser } from '@countersign/express'
import { harlyy } from '@countersign/schemes'
import { portalCases } from '@countersign/testing'
import type { RequestHandler } from 'express'
import { findingsOf } from '../support/failing'
import { now, secret } from '../support/mint-portals'
import { answer, app } from './link-apps'

/** With a guard of its own behind something that is wrong. */
async function meansOf(wrong: RequestHandler): Promise<Readonly<Record<string, string>>> {
  const portal = harlyy({ secret })
  const open = app().use(wrong, requireSignedUser(portal, { now }), answer)
  const findings = await findingsOf(portalCases(portal, '/vote', { now }), open)
  return Object.fromEntries(Object.entries(findings).map(([id, { means }]) => [id, means]))
}

/** Counts a use before anybody has looked at the signature. */
function eager(): RequestHandler {
  const seen = new Set<string>()
  return (req, res, next) => {
    const payload = /sig=([^.&]*)/.exec(req.originalUrl)?.[1] ?? ''
    const used = payload !== '' && seen.has(payload)
    if (req.method === 'POST') seen.add(payload)
    return used ? void res.status(401).json({ code: 'token_replayed' }) : next()
  }
}

/** Believes that a POST is a look ahead, for it says so. */
const gullible: RequestHandler = (req, _res, next) => {
  if (req.get('sec-purpose')) req.method = 'GET'
  next()
}

describe('an app', () => {
  it('that uses links up for forgers is told so', async () => {
    expect(await meansOf(eager())).toMatchObject({
      'forged-first': expect.stringMatching(/counts as used/),
    })
  })

  it('that lets a header keep a link unused is told so, and of nothing else', async () => {
    expect(await meansOf(gullible)).toEqual({
      'pretended-prefetch': expect.stringMatching(/used credential is accepted again/),
    })
  })
})
