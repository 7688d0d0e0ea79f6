import { defectsFor, DEFECTS, mint, signed, type Defect } from '@countersign/testing'
import supertest7 from 'supertest'
import supertest6 from 'supertest6'
import { FRAMEWORKS, guarded, served } from '../support/apps'
import { NAMES, now, sample, type SampleName } from '../support/mint-portals'
import { echo, type Echo } from '../wire/echo'

const VERSIONS = { 6: supertest6, 7: supertest7 }

/** Defects that one request shows, and that come out the same each time. */
function repeatable(name: SampleName): readonly Defect[] {
  const { portal, guard } = sample(name)
  return defectsFor(portal, guard).filter((each) => each !== 'replayed' && each !== 'algEs256')
}

/** The first of each group. */
function firsts(name: SampleName): readonly Defect[] {
  const groups = repeatable(name).map((defect) => DEFECTS[defect].group)
  return repeatable(name).filter((_, index) => groups.indexOf(groups[index]!) === index)
}

describe.each([6, 7] as const)('a request of supertest %s', (version) => {
  const request = VERSIONS[version]

  describe.each(FRAMEWORKS)('to an app of %s', (framework) => {
    it.each(NAMES)('is signed as a user of %s, in one line', async (name) => {
      const { portal, user, guard } = sample(name)
      const app = guarded(framework, portal, guard)
      await signed(request(app).post('/vote'), portal, user, { now }).expect(200)
      await request(app).post('/vote').expect(401)
    })
  })

  it.each(NAMES)('is refused for what it is told to be, by a portal of %s', async (name) => {
    const { portal, user, guard } = sample(name)
    const app = guarded('Express 5', portal, guard)
    for (const defect of firsts(name)) {
      const { status, code } = DEFECTS[defect].expect
      const test = signed(request(app).post('/vote'), portal, user, { now, defect })
      const { body } = (await test.expect(status)) as { readonly body: { readonly code: string } }
      expect([defect, body.code]).toEqual([defect, code])
    }
  })

  it.each(NAMES)('arrives byte for byte as it was minted for %s', async (name) => {
    const { portal, user } = sample(name)
    await served(echo, async (port) => {
      for (const defect of [undefined, ...(version === 7 ? repeatable(name) : firsts(name))]) {
        const options = { now, nonce: 'n/1+~ü', defect }
        const { query, headers, body } = (await mint(portal, user, options)).request
        const test = request(`http://127.0.0.1:${port}`).post('/vote')
        const arrived = (await signed(test, portal, user, options)).body as Echo
        const names = headers.map(([sent]) => sent.toLowerCase())
        expect({
          url: arrived.url,
          body: arrived.body,
          headers: pairs(arrived).filter(([sent]) => names.includes(sent.toLowerCase())),
        }).toEqual({
          url: query === '' ? '/vote' : `/vote?${query}`,
          body: Buffer.from(body ?? '').toString('hex'),
          headers: [...headers],
        })
      }
    })
  })
})

function pairs({ rawHeaders }: Echo): (readonly [string, string])[] {
  return Array.from({ length: rawHeaders.length / 2 }, (_, index) => [
    rawHeaders[2 * index] ?? '',
    rawHeaders[2 * index + 1] ?? '',
  ])
}
