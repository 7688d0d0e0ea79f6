import { createVerifier } from '@countersign/core'
import { DEFECTS, defectsFor, mint, type Defect, type MintOptions } from '@countersign/testing'
import { NAMES, now, sample, type SampleName } from '../support/mint-portals'
import { codeOf, viewOf } from '../support/view'

/** What a verifier makes of a minted credential, the last of its requests. */
async function judged(name: SampleName, options: MintOptions): Promise<string | null> {
  const { portal, user, guard } = sample(name)
  const { request, before } = await mint(portal, user, { now, ...options })
  const verifier = createVerifier(portal, { ...guard, now })
  for (const each of before) expect(codeOf(await verifier.verify(viewOf(each)))).toBeNull()
  return codeOf(await verifier.verify(viewOf(request)))
}

function cases(name: SampleName): readonly Defect[] {
  const { portal, guard } = sample(name)
  return defectsFor(portal, guard)
}

describe.each(NAMES)('a verifier for %s', (name) => {
  it('admits what is minted without a defect', async () => {
    expect(await judged(name, {})).toBeNull()
    const { portal, user } = sample(name)
    expect(await mint(portal, user)).toMatchObject({
      before: [],
      expect: { status: 200, code: null },
    })
  })

  it.each(cases(name))('answers “%s” with the code that the table gives', async (defect) => {
    expect(await judged(name, { defect })).toBe(DEFECTS[defect].code)
  })

  const carrier = name === 'fdback' ? 'parameter' : 'bearer'

  it(`answers all of them alike by way of its other carrier, ${carrier}`, async () => {
    expect(await judged(name, { carrier })).toBeNull()
    const wrong: string[] = []
    for (const defect of cases(name)) {
      const code = await judged(name, { carrier, defect, method: 'POST' })
      if (code !== DEFECTS[defect].code) wrong.push(`${defect}: ${code}`)
    }
    expect(wrong).toEqual([])
  })
})
