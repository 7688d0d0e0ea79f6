import { createVerifier, memoryReplayStore } from '@countersign/core'
import { defectsFor, mint, type Defect, type WireRequest } from '@countersign/testing'
import { explain, type Explanation } from '../src'
import { CAUSES } from '../src/causes'
import { expectedCauses } from './support/expected'
import { NAMES, portals, secret, userOf, type Name } from './support/portals'
import { NOW } from './support/signer'

const now = () => NOW

/** What the guard of a portal is made with. */
function optionsOf(portal: Name) {
  const isOneTime = portal === 'harlyy' || portal === 'fdback'
  const store = isOneTime ? { replayStore: memoryReplayStore({ now }) } : {}
  return { ...store, ...(portal !== 'fdback' && { bearer: true }) }
}

async function explained(portal: Name, defect?: Defect): Promise<Explanation> {
  const options = optionsOf(portal)
  const { request, before } = await mint(portals[portal], userOf(portal), {
    defect,
    now,
    nonce: 'n_1',
  })
  const { verify } = createVerifier(portals[portal], { ...options, now })
  for (const each of before) expect(await verify(viewOf(each))).toMatchObject({ ok: true })
  const given = { ...request, url: `/?${request.query}` }
  return explain(given, { portal: portals[portal], secret, ...options, now: NOW })
}

function viewOf({ method, query, headers, body = Buffer.alloc(0) }: WireRequest) {
  const valuesOf = (name: string) =>
    headers.filter(([each]) => each === name).map(([, value]) => value)
  return { method, target: `/?${query}`, headers: valuesOf, body: () => body, native: undefined }
}

describe.each(NAMES)('an explanation of what the kit mints for %s', (portal) => {
  it('accepts what is right, and has no cause for it', async () => {
    expect(await explained(portal)).toMatchObject({ verdict: 'accepted', code: null, causes: [] })
  })

  it('names the cause of every defect', async () => {
    const named: Record<string, unknown> = {}
    const expected: Record<string, unknown> = {}
    for (const defect of defectsFor(portals[portal], optionsOf(portal))) {
      const { verdict, causes } = await explained(portal, defect)
      named[defect] = [verdict, ...causes.map(({ id }) => id)]
      for (const { lines, sentence, change } of causes) {
        expect(Object.values(lines)).not.toContain('')
        expect(`${sentence} ${change}`).not.toMatch(/\{\w+\}/)
      }
      expected[defect] = ['refused', ...(expectedCauses(portal, defect) ?? [])]
    }
    expect(named).toEqual(expected)
    expect(Object.keys(named).length).toBeGreaterThan(40)
  })

  it('contains neither the secret nor a signature of its own', async () => {
    const { request } = await mint(portals[portal], userOf(portal), { now, nonce: 'n_1' })
    const right =
      request.headers.find(([name]) => name === 'x-signature')?.[1] ??
      request.query.split('.').at(-1)
    const sensitive = [secret, decodeURIComponent(right ?? '')]
    const spelled = sensitive.flatMap((each) => [
      each,
      ...(['hex', 'base64', 'base64url'] as const).map((name) => Buffer.from(each).toString(name)),
    ])
    for (const defect of ['wrongSecret', 'emptySecret', 'otherSigningInput', 'notJson'] as const) {
      const printed = JSON.stringify(await explained(portal, defect))
      expect(spelled.filter((each) => printed.includes(each))).toEqual([])
    }
  })
})

it('has plain sentences', () => {
  for (const { steps, sentence, change } of Object.values(CAUSES)) {
    expect(steps).not.toBe('')
    expect([sentence, change]).toEqual([
      expect.stringMatching(/[.)]$/),
      expect.stringMatching(/\.$/),
    ])
  }
})
