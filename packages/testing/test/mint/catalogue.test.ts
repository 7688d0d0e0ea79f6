import { memoryReplayStore, REJECTIONS } from '@countersign/core'
import { fdback, harlyy, seggwat } from '@countersign/schemes'
import { DEFECTS, defectsFor, type Defect } from '@countersign/testing'
import { NAMES, sample, secret, type SampleName } from '../support/mint-portals'
import { INAPPLICABLE, named } from './applicable'

const ALL = Object.keys(DEFECTS) as Defect[] // its own keys

const without = (name: SampleName): readonly Defect[] => {
  const { portal, guard } = sample(name)
  const applicable = defectsFor(portal, guard)
  return ALL.filter((defect) => !applicable.includes(defect))
}

describe('the table of defects', () => {
  it('knows at least forty', () => {
    expect(ALL.length).toBeGreaterThanOrEqual(40)
  })

  it('has the sixteen that everyone asks for', () => {
    const asked = `expired notYetValid tampered wrongSecret wrongAudience lifetimeTooLong
      millisecondsForSeconds paddedSignature plusAsSpace duplicateParameter replayed
      truncatedSignature algNone algConfusion duplicateMember bom`
    expect(named(asked)).toHaveLength(16)
  })

  it('has none that applies to no portal', () => {
    const applicable = new Set(
      NAMES.flatMap((name) => defectsFor(sample(name).portal, sample(name).guard)),
    )
    expect(ALL.filter((defect) => !applicable.has(defect))).toEqual([])
  })

  it('says of each in one sentence of its own what is wrong', () => {
    const sentences = Object.values(DEFECTS).map(({ says }) => says)
    expect(sentences.filter((says) => !/^[A-Z`].{8,98}\.$/u.test(says))).toEqual([])
    expect(new Set(sentences).size).toBe(sentences.length)
  })

  it('gives for each the answer that stands in the table of rejections', () => {
    const wrong = Object.values(DEFECTS).filter(({ code, expect: expected }) => {
      const { status, publicCode } = REJECTIONS[code]
      return expected.status !== status || expected.code !== publicCode
    })
    expect(wrong).toEqual([])
  })

  it('cannot be changed', () => {
    expect([DEFECTS, ...Object.values(DEFECTS)].every(Object.isFrozen)).toBe(true)
  })
})

describe('what applies to a portal', () => {
  it.each(Object.keys(INAPPLICABLE) as (keyof typeof INAPPLICABLE)[])(
    'is all that credentials of %s can have, and nothing else',
    (name) => {
      const { groups, defects } = INAPPLICABLE[name] ?? { groups: [], defects: [] }
      const impossible = ALL.filter(
        (defect) => groups.includes(DEFECTS[defect].group) || defects.includes(defect),
      )
      expect(without(name)).toEqual(impossible)
    },
  )

  it('is the same asked one by one', () => {
    for (const name of NAMES) {
      const { portal, guard } = sample(name)
      const applicable = ALL.filter((defect) => DEFECTS[defect].applies(portal, guard))
      expect(applicable).toEqual(defectsFor(portal, guard))
    }
  })

  it('is less for a scheme that nobody has seen, and never a matter of its insides', () => {
    const { portal, guard } = sample('ticket')
    const groups = new Set(defectsFor(portal, guard).map((defect) => DEFECTS[defect].group))
    expect([...groups]).toEqual(['place', 'signature', 'time', 'claim'])
    expect(without('ticket')).toEqual(expect.arrayContaining(['millisecondsForSeconds', 'bom']))
    expect(defectsFor(portal, guard)).toEqual(
      expect.arrayContaining(['wrongSecret', 'tampered', 'duplicateParameter', 'identifierEmpty']),
    )
  })

  it('follows the fields of a scheme: what a field takes is no defect', () => {
    const { portal } = sample('community') // its id is any text
    const applicable = defectsFor(portal)
    expect(applicable).not.toContain('identifierObjectText')
    expect(applicable).toEqual(expect.arrayContaining(['identifierList', 'identifierTooLong']))
  })
})

describe('what a guard’s options add', () => {
  const link = seggwat({ secret, projectKey: 'abc123' })
  const IN_BEARER = named('twoCarriers bearerTwice emptyBearer brokenBearer')

  it('is the `Authorization` header, where it is read', () => {
    const added = defectsFor(link, { bearer: true }).filter(
      (each) => !defectsFor(link).includes(each),
    )
    expect(added).toEqual(IN_BEARER)
  })

  it('is a second use, where a store remembers the first', () => {
    const message = fdback({ secret })
    expect(defectsFor(message)).not.toContain('replayed')
    expect(defectsFor(message, { replayStore: memoryReplayStore() })).toContain('replayed')
    expect(defectsFor(harlyy({ secret }))).toContain('replayed')
    expect(defectsFor(link, { replayStore: memoryReplayStore() })).not.toContain('replayed')
  })

  it('is a link without an end, where its use would be forgotten', () => {
    const portal = harlyy({ secret })
    const durable = { ...memoryReplayStore(), durable: true }
    expect(defectsFor(portal)).toContain('undated')
    expect(defectsFor(portal, { replayStore: memoryReplayStore() })).toContain('undated')
    expect(defectsFor(portal, { replayStore: durable })).not.toContain('undated')
    expect(defectsFor(portal, { nonceRetention: 60 })).not.toContain('undated')
  })

  it('is another tenant, where a secret hangs on its name', () => {
    const byTenant = fdback({ secret: ({ tenant }) => (tenant === 'ws_demo' ? secret : null) })
    expect(defectsFor(fdback({ secret }))).not.toContain('otherTenant')
    expect(defectsFor(byTenant)).toContain('otherTenant')
    expect(defectsFor(fdback({ secret, workspaceId: 'ws_demo' }))).toContain('otherTenant')
  })
})
