import { createHmac } from 'node:crypto'
import { ConfigError, createGuard, createSigner, memoryReplayStore } from '@countersign/core'
import { chatwoot, fdback, featkit, harlyy, novu, seggwat } from '@countersign/core/schemes'
import { testSecret } from '@countersign/testing'
import { explain, type ExplainOptions } from '../src'
import { portals, secret } from './support/portals'
import { NOW } from './support/signer'

const now = () => NOW
const older = testSecret('an older one')

async function linkWith(text: string): Promise<string> {
  const portal = featkit({ secret: text, slug: 'acme' })
  return (await createSigner(portal, { now }).sign({ id: 42 })).url
}

async function ids(given: string, options: ExplainOptions): Promise<readonly string[]> {
  const { causes } = await explain(given, { now: NOW, ...options })
  return causes.map(({ id }) => id)
}

describe('the secrets', () => {
  it('are compared with what signed, others by their names', async () => {
    const { causes } = await explain(await linkWith(older), {
      portal: portals.featkit,
      secret,
      others: { 'the secret of staging': testSecret('staging'), FEATKIT_SECRET_OLD: older },
      now: NOW,
    })
    expect(causes).toMatchObject([
      {
        id: 'secret-other',
        sentence: 'It was signed with another secret: FEATKIT_SECRET_OLD.',
        lines: { javascript: 'const secret = process.env.FEATKIT_SECRET' },
      },
    ])
  })

  it('can be left out: then no other spelling of the secret is tried', async () => {
    const token = (await linkWith(secret)).replace(/\.(?=[0-9a-f]{64}$).*/, '')
    const payload = token.slice(token.indexOf('=') + 1)
    const signedWith = (key: string, input: string) =>
      `${payload}.${createHmac('sha256', key).update(input).digest('hex')}`
    const json = Buffer.from(payload, 'base64url').toString()
    const portal = portals.featkit
    expect(await ids(signedWith(secret, json), { portal })).toEqual(['signed-other'])
    expect(await ids(signedWith(`${secret}\n`, payload), { portal })).toEqual([
      'signature-unmatched',
    ])
  })

  it('must include the one that the portal was made with', async () => {
    const options = { portal: portals.featkit, secret: older }
    await expect(explain('x.y', options)).rejects.toThrow(ConfigError)
  })

  it('may be several, of which each verifies', async () => {
    const portal = featkit({ secret: [secret, older] })
    expect(await ids(await linkWith(older), { portal, secret })).toEqual([])
    expect(await ids(`${await linkWith(older)}00`, { portal, secret: older })).toEqual([
      'signature-damaged',
    ])
  })

  it('may be looked up by tenant', async () => {
    const portal = fdback({ secret: async ({ tenant }) => (tenant === 'acme' ? secret : null) })
    const signer = createSigner(fdback({ secret, workspaceId: 'acme' }), { now })
    const { headers, body } = await signer.sign({ email: 'ada@example.com' })
    const request = { url: '/', headers: { ...headers }, body: body! }
    const options = { portal, secret, tenant: 'acme', now: NOW }
    expect(await explain(request, options)).toMatchObject({ verdict: 'accepted' })
    const other = { ...request, headers: { ...headers, 'x-workspace-id': 'other' } }
    expect((await explain(other, options)).causes.map(({ id }) => id)).toEqual(['tenant-other'])
  })
})

describe('an explanation', () => {
  it('has the verdict and the code of core', async () => {
    const url = await linkWith(secret)
    const late = { portal: portals.featkit, secret, now: () => NOW + 90_000_000 }
    expect(await explain(url, late)).toMatchObject({
      verdict: 'refused',
      code: 'token_expired',
      causes: [{ id: 'expired', sentence: 'It expired 1 hour ago, at 2026-09-11T00:26:40.000Z.' }],
    })
  })

  it('uses nothing up', async () => {
    const portal = harlyy({ secret, businessId: 'acme', surveyId: 'autumn' })
    const { url } = await createSigner(portal, { now }).sign({})
    const replayStore = memoryReplayStore({ now })
    const options = { portal, secret, replayStore }
    expect(await ids(url, options)).toEqual([])
    const guard = createGuard(portal, { replayStore, now })
    const target = url.slice('https://survey.harlyy.com'.length)
    const request = {
      method: 'POST',
      target,
      headers: () => [],
      body: () => Buffer.alloc(0),
      native: {},
    }
    expect(await guard.decide(request)).toMatchObject({ pass: true })
    expect(await ids(url, options)).toEqual(['used-before'])
  })

  it('recognizes the credential of another portal', async () => {
    const other = seggwat({ secret: testSecret('seggwat'), projectKey: 'abc123' })
    const { url } = await createSigner(other, { now }).sign({ id: 42 })
    const { causes } = await explain(url, {
      portal: portals.featkit,
      secret,
      portals: [portals.harlyy, other],
      now: NOW,
    })
    expect(causes).toMatchObject([
      {
        id: 'other-portal',
        sentence: 'This is a valid credential of seggwat, and it was sent to featkit.',
      },
    ])
  })

  it('takes claims for no identifier, although some portals accept any signed text', async () => {
    const payload = Buffer.from(`{"user_id":"42","timestamp":${NOW},"expires":${NOW}}`)
    const text = payload.toString('base64url').padEnd(Math.ceil(payload.length / 3) * 4, '=')
    const mac = createHmac('sha256', secret).update(text).digest('hex')
    const others = [chatwoot({ secret }), novu({ secret })]
    const options = { portal: portals.featkit, secret, portals: others }
    expect(await ids(`${text}.${mac}`, options)).toEqual(['time-unit', 'time-unit', 'expired'])
    const identifier = `ada.${createHmac('sha256', secret).update('ada').digest('hex')}`
    const { causes } = await explain(identifier, { ...options, now: NOW })
    expect(causes[0]?.sentence).toContain('a valid credential of chatwoot or novu')
  })

  it('explains a text that is no credential at all', async () => {
    const options = { portal: chatwoot({ secret }), secret, now: NOW }
    for (const text of ['😀', '.', 'a']) {
      expect(await explain(text, options)).toMatchObject({ verdict: 'refused' })
    }
  })

  it('takes the options of the guard', async () => {
    const { token } = await createSigner(featkit({ secret, slug: 'acme' }), { now }).sign({
      id: 42,
    })
    const given = { url: '/', headers: { Authorization: `Bearer ${token}` } }
    const options = { portal: portals.featkit, secret, now: NOW }
    expect((await explain(given, options)).causes).toMatchObject([{ id: 'misplaced' }])
    expect(await explain(given, { ...options, bearer: true })).toMatchObject({
      verdict: 'accepted',
    })
    expect((await explain(token!, { ...options, maxLifetime: 60 })).causes).toMatchObject([
      { id: 'lifetime-too-long' },
    ])
  })

  it('tells a time zone from a clock that is wrong', async () => {
    const sentences = await Promise.all(
      [7_203_000, 600_000].map(async (ahead) => {
        const early = { portal: portals.featkit, secret, now: NOW - ahead }
        return (await explain(await linkWith(secret), early)).causes[0]?.sentence
      }),
    )
    expect(sentences).toEqual([
      'The time of issue is 2 hours 3 seconds in the future, which looks like local time that was taken for UTC.',
      'The time of issue is 10 minutes in the future.',
    ])
  })
})
