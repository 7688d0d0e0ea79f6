import { DEFECTS, defectsFor, mint, type Defect, type WireRequest } from '@countersign/testing'
import { decoded } from '../support/decode'
import { NAMES, now, sample, type SampleName } from '../support/mint-portals'
import { named } from './applicable'

const READABLE = NAMES.filter((name) => name !== 'ticket')

async function minted(name: SampleName, defect?: Defect): Promise<WireRequest> {
  const { portal, user } = sample(name)
  return (await mint(portal, user, { now, nonce: 'n_1', defect })).request
}

/** Those of some defects that a portal can have, taken apart. */
async function each(name: SampleName, wanted: (defect: Defect) => boolean) {
  const { portal, guard } = sample(name)
  const defects = defectsFor(portal, guard).filter(wanted)
  return Promise.all(
    defects.map(async (defect) => ({ defect, ...decoded(name, await minted(name, defect)) })),
  )
}

const inGroup = (group: string) => (defect: Defect) => DEFECTS[defect].group === group

describe.each(NAMES)('what is minted for %s', (name) => {
  it('is another request for each defect', async () => {
    const { portal, guard } = sample(name)
    const defects = defectsFor(portal, guard).filter((defect) => defect !== 'replayed')
    const requests = await Promise.all([undefined, ...defects].map((each) => minted(name, each)))
    const seen = new Map<string, string>()
    requests.forEach((request, index) => {
      const bytes = JSON.stringify({ ...request, body: Buffer.from(request.body ?? '') })
      seen.set(bytes, `${seen.get(bytes) ?? ''} ${defects[index - 1] ?? 'good'}`)
    })
    expect([...seen.values()].filter((names) => names.trim().includes(' '))).toEqual([])
  })

  it('is the same each time, by the same clock', async () => {
    expect(await minted(name, 'tampered')).toEqual(await minted(name, 'tampered'))
  })
})

describe.each(READABLE)('a credential of %s', (name) => {
  it('is signed rightly where only its claims or their JSON are wrong', async () => {
    const all = await each(name, (defect) =>
      ['json', 'time', 'claim'].includes(DEFECTS[defect].group),
    )
    expect(all.length).toBeGreaterThan(25)
    const wrong = all.filter(({ signature, right }) => !signature.equals(right))
    expect(wrong.map(({ defect }) => defect)).toEqual([])
  })

  it('has the claims of a right one where only the signature is wrong', async () => {
    const good = decoded(name, await minted(name))
    const exchanged = named('tampered otherUser missingSignature emptySignature signatureAlphabet')
    const all = await each(
      name,
      (defect) => inGroup('signature')(defect) && !exchanged.includes(defect),
    )
    const wrong = all.filter(({ json }) => json.trimEnd() !== good.json)
    expect(wrong.map(({ defect }) => defect)).toEqual([])
    expect(all.filter(({ credential }) => credential === good.credential)).toEqual([])
  })

  it('would be read as a right one by a decoder that forgives', async () => {
    const spelt = named(`paddedSignature upperCaseSignature signatureSpareBits signatureAlphabet
      paddedPayload payloadSpareBits payloadAlphabet payloadSpace payloadLineBreak`)
    const all = await each(name, (defect) => spelt.includes(defect))
    expect(all.length).toBeGreaterThan(1)
    for (const { signature, right, json } of all) {
      expect(signature.toString('hex')).toBe(right.toString('hex'))
      expect(JSON.parse(json)).toEqual(expect.any(Object))
    }
  })

  it('has claims of someone else, or of another time, under the signature of the right one', async () => {
    const good = decoded(name, await minted(name))
    for (const { signature, right, json, defect } of await each(name, (one) =>
      named('tampered otherUser').includes(one),
    )) {
      expect(signature.equals(good.signature)).toBe(true)
      expect(signature.equals(right)).toBe(false)
      // the time of a message is not in its body
      expect(json === good.json).toBe(name === 'fdback' && defect === 'tampered')
    }
  })
})
