import { mint, type Defect } from '@countersign/testing'
import { parameterIn } from '../support/decode'
import { now, sample } from '../support/mint-portals'

describe('the size of what is too long', () => {
  it('is the smallest that is refused', async () => {
    for (const name of ['FeatKit', 'SeggWat', 'SeggWat JWT', 'Harlyy'] as const) {
      const { portal, user } = sample(name)
      const { request } = await mint(portal, user, { now, defect: 'overLong' })
      const { length } = parameterIn(name, request)
      expect([name, length > 4_096, length <= 4_100]).toEqual([name, true, true])
    }
  })

  it('is one level, one member, one character or one byte more than may be', async () => {
    const { portal, user } = sample('fdback')
    const bodyOf = async (defect: Defect) =>
      Buffer.from((await mint(portal, user, { now, defect })).request.body ?? '').toString()
    expect(await bodyOf('tooDeep')).toMatch(/[^[]\[{8}\]{8}\}$/)
    expect(Object.keys(JSON.parse(await bodyOf('tooManyMembers')) as object)).toHaveLength(65)
    expect((await bodyOf('bodyTooLarge')).length).toBe(16_385)
  })
})
