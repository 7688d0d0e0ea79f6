import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { createGuard, createSignEndpoint, type CountersignEvent } from '@countersign/core'
import { fdback, featkit } from '@countersign/core/schemes'
import { forgeLink, forgeMessage } from './support/forge'
import { now, view } from './support/request'
import { CURRENT, FOREIGN, PREVIOUS } from './support/secrets'

const NAMES = ['verified', 'rejected', 'rotated', 'signed'] as const
const NONE = { scheme: null, tenant: null, keyId: null, code: null, status: 200, detail: null }

let events: [name: string, event: CountersignEvent][]
const listeners = NAMES.map((name) => {
  const listener = (event: unknown) => void events.push([name, event as CountersignEvent]) // as documented
  return [`countersign:${name}`, listener] as const
})

beforeEach(() => {
  events = []
  for (const [channel, listener] of listeners) subscribe(channel, listener)
})
afterEach(() => {
  for (const [channel, listener] of listeners) unsubscribe(channel, listener)
})

const secret = [
  { id: 'new', value: CURRENT },
  { id: 'old', value: PREVIOUS },
]
const portal = featkit({ slug: 'acme', secret })
const guard = createGuard(portal, { now })
const link = (key: string) => view<object>({ query: `token=${forgeLink(undefined, key)}` })

describe('the diagnostics channels', () => {
  it('publish a verified credential with the scheme and the id of the key', () => {
    void guard.decide(link(CURRENT))
    expect(events).toEqual([['verified', { ...NONE, scheme: 'featkit', keyId: 'new' }]])
    expect(Object.isFrozen(events[0]?.[1])).toBe(true)
  })

  it('publish a credential that an older key signed, with its id', () => {
    void guard.decide(link(PREVIOUS))
    const event = { ...NONE, scheme: 'featkit', keyId: 'old' }
    expect(events).toEqual([
      ['verified', event],
      ['rotated', event],
    ])
  })

  it('publish the verified tenant', async () => {
    const workspaces = createGuard(fdback({ secret: () => CURRENT }), { now })
    const request = view<object>(forgeMessage({ workspace: 'ws1' }))
    await workspaces.decide(request)
    expect(events).toMatchObject([['verified', { scheme: 'fdback', tenant: 'ws1' }]])
  })

  it('publish a refusal with its exact code and rule, and without what the client claims', () => {
    void guard.decide(link(FOREIGN))
    const event = { code: 'signature_invalid', status: 401, detail: 'no secret matches' }
    expect(events).toEqual([['rejected', { ...NONE, scheme: 'featkit', ...event }]])
  })

  it('publish no scheme for a request that matches none of several portals', () => {
    const both = [portal, fdback({ secret: FOREIGN })]
    void createGuard(both, { now }).decide(view<object>({}))
    expect(events).toMatchObject([['rejected', { scheme: null, code: 'credential_missing' }]])
  })

  it('publish what is signed, and a refused call of a sign endpoint', async () => {
    const asked = { user: () => ({ id: 'u1' }), now }
    const refusal = { code: 'unauthenticated', status: 401 }
    const request = view<object>({ method: 'POST' })
    await createSignEndpoint(portal, asked)(request)
    await createSignEndpoint(portal, { ...asked, user: () => null })(request)
    expect(events).toEqual([
      ['signed', { ...NONE, scheme: 'featkit', keyId: 'new' }],
      ['rejected', { ...NONE, scheme: 'featkit', ...refusal, detail: 'No user is signed in' }],
    ])
  })

  it('publish the workspace that a signed message names', async () => {
    const workspace = fdback({ workspaceId: 'ws_demo', secret })
    const user = () => ({ email: 'ada@example.com' })
    await createSignEndpoint(workspace, { user, now })(view<object>({ method: 'POST' }))
    const signed = { ...NONE, scheme: 'fdback', tenant: 'ws_demo', keyId: 'new' }
    expect(events).toEqual([['signed', signed]])
  })
})
