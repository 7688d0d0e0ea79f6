import { ConfigError, isRejection } from '@countersign/core'
import { sendRaw } from '../src'
import {
  answer,
  ask,
  before,
  FRAMEWORKS,
  guard,
  greet,
  judge,
  running,
} from './transport-frameworks'
import { ADA, featkitQuery, harlyyQuery, jsonPost, portals, queryOf } from './transport-kit'

const optional = { mode: 'optional' } as const

describe.each(FRAMEWORKS)('the user that a guard lets in, on $name', (framework) => {
  it('TP-23 is an own property that is undefined, for a stranger where strangers may pass', async () => {
    const own = answer(({ req, user, auth }) => ({
      own: [Object.hasOwn(req, 'portalUser'), Object.hasOwn(req, 'portalAuth')],
      nobody: [user === undefined, auth === undefined],
    }))
    const steps = [guard(portals().featkit, optional), own]
    const { status, body } = await ask(framework, steps, { target: '/' })
    expect(status).toBe(200)
    expect(JSON.parse(body)).toEqual({ own: [true, true], nobody: [true, true] })
  })

  it('TP-24 is never a stranger where a credential was sent and is bad', async () => {
    const query = await featkitQuery()
    const outcomes = await judge(
      framework,
      { portal: portals().featkit, options: optional },
      { target: '/' },
      { target: '/?token=' },
      { target: '/?token=x' },
      { target: `/?${query.slice(0, -1)}0` },
      { target: '/?token[]=' },
      { target: `/?${query}` },
    )
    expect(outcomes).toEqual([
      '200',
      '200',
      '401 token_malformed',
      '401 signature_invalid',
      '400 credential_ambiguous',
      '200',
    ])
  })

  it('TP-25 does not come from a polluted prototype', async () => {
    const polluted = Object.prototype as { portalUser?: unknown; portalAuth?: unknown }
    polluted.portalUser = polluted.portalAuth = { id: 'admin' }
    try {
      const { body } = await ask(framework, [guard(portals().featkit, optional), greet], {
        target: '/',
      })
      expect(body).toBe('{"user":null}')
      expect(await judge(framework, { portal: portals().featkit }, { target: '/' })).toEqual([
        '401 credential_missing',
      ])
    } finally {
      delete polluted.portalUser
      delete polluted.portalAuth
    }
  })

  it('TP-26 is a frozen plain object with every documented field as an own property', async () => {
    const seen: object[] = []
    const look = answer(({ user }) => seen.push(user as object))
    const { featkit, seggwat, harlyy, fdback } = portals()
    await running(framework, [guard([featkit, seggwat, harlyy, fdback]), look], async (port) => {
      await sendRaw(port, { target: `/?${await queryOf(featkit, { id: 7 })}` })
      await sendRaw(port, { target: `/?${await queryOf(seggwat, ADA)}` })
      await sendRaw(port, { target: `/?${await queryOf(harlyy, {})}` })
      await sendRaw(port, await jsonPost())
    })
    expect(seen).toEqual([
      { scheme: 'featkit', id: '7', email: null, name: null },
      { scheme: 'seggwat', ...ADA, subscriptionId: null },
      { scheme: 'harlyy', id: null, email: null, name: null, nonce: expect.any(String) },
      { scheme: 'fdback', id: ADA.email, email: ADA.email, name: ADA.name, avatar: null },
    ])
    for (const user of seen) {
      expect(Object.isFrozen(user)).toBe(true)
      expect(Object.getPrototypeOf(user)).toBe(Object.prototype)
    }
  })

  it('is the same on the Node request, with how we know it beside it', async () => {
    const look = answer(({ req, user, auth }) => ({
      same: (req as { portalUser?: unknown }).portalUser === user,
      auth,
    }))
    const steps = [guard(portals().seggwat), look]
    const query = await queryOf(portals().seggwat, ADA)
    const { body } = await ask(framework, steps, { target: `/?${query}` })
    expect(JSON.parse(body)).toEqual({
      same: true,
      auth: {
        scheme: 'seggwat',
        tenant: null,
        keyId: null,
        issuedAt: '2026-11-20T12:00:00.000Z',
        expiresAt: '2026-11-20T13:00:00.000Z',
        nonce: null,
      },
    })
  })
})

describe.each(FRAMEWORKS)('getPortalUser, on $name', (framework) => {
  /** What it answers, or what kind of error it throws. */
  const tell = answer(({ getPortalUser }) => {
    try {
      return { id: getPortalUser().id }
    } catch (error) {
      if (isRejection(error)) return { refused: error.code, status: error.status }
      return error instanceof ConfigError ? { mistake: error.reason } : { fault: String(error) }
    }
  })
  const forge = before((req) => Object.assign(req, { portalUser: { id: 'admin' } }))
  const asked = async (steps: Parameters<typeof ask>[1], target = '/') =>
    JSON.parse((await ask(framework, [...steps, tell], { target })).body) as unknown

  it('gives the user', async () => {
    const target = `/?${await featkitQuery()}`
    expect(await asked([guard(portals().featkit)], target)).toEqual({ id: 'u-1' })
  })

  it('is not fooled by a property that somebody else has set', async () => {
    const target = `/?${await featkitQuery()}`
    expect(await asked([forge])).toEqual({ mistake: 'no_guard' })
    expect(await asked([guard(portals().featkit), forge], target)).toEqual({ id: 'u-1' })
    expect(await asked([guard(portals().featkit, optional), forge])).toEqual({
      refused: 'credential_missing',
      status: 401,
    })
  })

  it('throws a ConfigError where no guard ran', async () => {
    expect(await asked([])).toEqual({ mistake: 'no_guard' })
  })

  it('throws a 401 for a stranger behind an optional guard', async () => {
    const stranger = { refused: 'credential_missing', status: 401 }
    expect(await asked([guard(portals().featkit, optional)])).toEqual(stranger)
    const unhandled = [guard(portals().featkit, optional), answer((seen) => seen.getPortalUser())]
    const response = await ask(framework, unhandled, { target: '/' })
    expect(response.status).toBe(401)
    expect(response.headers['www-authenticate']).toBe('Bearer')
  })

  it('gives the user of the guard that came last', async () => {
    const steps = [guard(portals().featkit), guard(portals().harlyy)]
    const target = `/?${await featkitQuery()}&${await harlyyQuery()}`
    expect(await asked(steps, target)).toEqual({ id: null })
  })
})
