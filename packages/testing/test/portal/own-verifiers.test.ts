import { createHmac, timingSafeEqual } from 'node:crypto'
import { seggwat } from '@countersign/core/schemes'
import { portalCases, type Finding } from '@countersign/testing'
import express, { type Express, type Request } from 'express'
import { verify, type JwtPayload } from 'jsonwebtoken'
import { now, secret } from '../support/samples'

const time = now() / 1_000
const tokenOf = ({ originalUrl }: Request) => /token=([^&]*)/.exec(originalUrl)?.[1] ?? ''

/** Lets a request in whose token names a user. */
const verifying = (userOf: (token: string) => JwtPayload): Express =>
  express().use((req, res) => {
    try {
      const { sub, project_key: project, exp } = userOf(tokenOf(req))
      if (!sub || !exp || project !== 'abc123') throw new Error('claims')
      res.json({ id: sub })
    } catch {
      res.status(401).json({ error: 'unauthorized' })
    }
  })

/** As a careful developer writes it by hand. */
function byHand(token: string): JwtPayload {
  const [payload = '', signature = ''] = token.split('.')
  const json = Buffer.from(payload, 'base64url')
  const right = createHmac('sha256', secret).update(json).digest()
  if (!timingSafeEqual(right, Buffer.from(signature, 'base64url'))) throw new Error('signature')
  const claims = JSON.parse(json.toString())
  const { exp, iat } = claims
  if (exp <= time || iat > time + 30 || exp - iat > 86_400 || exp <= iat) throw new Error('times')
  return claims
}

/** As the documentation of jsonwebtoken recommends. */
const byLibrary = (token: string) =>
  verify(token, secret, {
    algorithms: ['HS256'],
    clockTimestamp: time,
    maxAge: '24h',
  }) as JwtPayload // it is an object, not text

async function resultsOf(app: Express, mode: 'hmac' | 'jwt', strict?: boolean) {
  const portal = seggwat({ secret, projectKey: 'abc123', mode })
  const options = { now, codes: false, thorough: true, strict }
  const failures: Finding[] = []
  const warnings: Finding[] = []
  for (const { run } of portalCases(portal, '/vote', options)) {
    const warning = await run(app).catch(({ finding }: { finding: Finding }) => {
      failures.push(finding)
    })
    if (warning) warnings.push(warning)
  }
  return { failures, warnings }
}

const causesOf = (findings: readonly Finding[]) =>
  findings.map(({ sent }) => /"(\w+)"\)$/.exec(sent)?.[1])

describe('an app with a verifier of its own passes `codes: false`', () => {
  it('with warnings where the verifier is only lenient', async () => {
    const { failures, warnings } = await resultsOf(verifying(byHand), 'hmac')
    expect(failures).toEqual([])
    expect(warnings.length).toBeGreaterThan(10)
    expect(new Set(warnings.map(({ severity }) => severity))).toEqual(new Set(['strictness']))
    const strict = await resultsOf(verifying(byHand), 'hmac', true)
    expect(causesOf(strict.failures)).toEqual(causesOf(warnings))
  })

  it('but for the times that jsonwebtoken does not check', async () => {
    const { failures } = await resultsOf(verifying(byLibrary), 'jwt')
    expect(causesOf(failures)).toEqual([
      'notYetValid',
      'lifetimeTooLong',
      'millisecondsForSeconds',
      'expiryInfinite',
    ])
  })
})
