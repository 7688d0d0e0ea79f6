import { randomUUID } from 'node:crypto'
import { eventually } from '@countersign/test-servers'
import type { Express } from 'express'
import type { Answers } from '../src/answers'
import { createApp } from '../src/app'
import { openStores, type Stores } from '../src/stores'
import { describeOn, places } from './places'
import { heldAnswers, type HeldAnswers } from './held-answers'
import { answer, answerAndLeave, GOOD, gist, newLink, open, portal, whenSettled } from './visits'

const USED = [401, 'This link has been used']
const IN_USE = [409, 'One moment, please']
const SURVEY = [200, 'How was your autumn with Lantern?']

for (const place of places) {
  describeOn(place)(`the survey, its used links in ${place.name}`, () => {
    let stop: () => Promise<void>
    let stores: Stores
    let answers: HeldAnswers
    let app: Express
    let link: string

    beforeAll(async () => {
      const started = await place.start()
      stop = started.stop
      stores = await openStores(started.env)
      answers = heldAnswers(stores.answers)
      app = createApp({ portal, replayStore: stores.replayStore, answers })
    })
    afterAll(async () => {
      await stores?.close()
      await stop?.()
    })
    beforeEach(async () => (link = await newLink()))
    afterEach(() => jest.restoreAllMocks())

    const saved = async (remark: string): Promise<number> =>
      (await stores.answers.list()).filter((each) => each.remark === remark).length

    it('takes one answer for a link, and says so to the next', async () => {
      const remark = randomUUID()
      const { headers } = await answer(app, link, { rating: '4', remark }).expect(303)
      expect(headers['location']).toBe('/lantern/autumn/thanks')
      expect(gist(await answer(app, link, { rating: '5', remark }))).toEqual(USED)
      expect(gist(await open(app, link))).toEqual(USED)
      expect(await saved(remark)).toBe(1)
    })

    it('lets mail scanners and previews open a link first', async () => {
      for (let visit = 0; visit < 3; visit++) {
        expect(gist(await open(app, link))).toEqual(SURVEY)
        await open(app, link).set('Sec-Purpose', 'prefetch;prerender').expect(200)
      }
      await answer(app, link).expect(303)
    })

    it('believes no visitor who says that an answer is only a preview', async () => {
      await answer(app, link).set('Purpose', 'prefetch').expect(303)
      expect(gist(await answer(app, link).set('Purpose', 'prefetch'))).toEqual(USED)
    })

    it('gives the link back with an incomplete form, and keeps what was written', async () => {
      const incomplete = await answer(app, link, { remark: 'Warm' })
      expect(gist(incomplete)).toEqual([422, 'How was your autumn with Lantern?'])
      expect(incomplete.text).toContain('You can still use your link')
      expect(incomplete.text).toContain('>\nWarm</textarea>')
      await answer(app, link, { rating: '6' }).expect(422)
      await answer(app, link).expect(303)
    })

    it('gives the link back where the answer could not be saved', async () => {
      jest.spyOn(console, 'error').mockImplementation(() => undefined)
      answers.fail()
      const failed = await answer(app, link)
      expect(gist(failed)).toEqual([500, 'Something went wrong'])
      expect(failed.text).not.toContain('the database said no')
      await answer(app, link).expect(303)
    })

    it('keeps one answer of a link that came back when it was saved already', async () => {
      jest.spyOn(console, 'error').mockImplementation(() => undefined)
      const remark = randomUUID()
      const tooLate: Answers = {
        ...stores.answers,
        async save(...given) {
          await stores.answers.save(...given)
          throw new Error('the process died')
        },
      }
      const dying = createApp({ portal, replayStore: stores.replayStore, answers: tooLate })
      await answer(dying, link, { rating: '1', remark }).expect(500)
      await answer(app, link, { rating: '5', remark }).expect(303)
      expect(await saved(remark)).toBe(1)
      expect(await stores.answers.list()).toContainEqual({ rating: 5, remark })
    })

    it('keeps others out while an answer is being saved', async () => {
      const { arrived, release } = answers.hold()
      const first = answer(app, link).then(gist)
      await arrived
      expect(gist(await answer(app, link))).toEqual(IN_USE)
      const look = await open(app, link)
      expect(gist(look)).toEqual(IN_USE)
      expect(look.headers['retry-after']).toBe('1')
      release()
      expect((await first)[0]).toBe(303)
      expect(gist(await answer(app, link))).toEqual(USED)
    })

    it('uses the link up even if its visitor has not waited', async () => {
      const remark = randomUUID()
      const { arrived, release } = answers.hold()
      const leave = await answerAndLeave(app, link, { ...GOOD, remark })
      await arrived
      await leave()
      release()
      expect(await eventually(() => whenSettled(app, link))).toEqual(USED)
      expect(await saved(remark)).toBe(1)
    })

    it('takes one of two clicks at once', async () => {
      const remark = randomUUID()
      const click = () => answer(app, link, { ...GOOD, remark })
      const statuses = (await Promise.all([click(), click()])).map(({ status }) => status)
      expect([303, 401, 409]).toEqual(expect.arrayContaining(statuses))
      expect(statuses.filter((status) => status === 303)).toHaveLength(1)
      expect(await saved(remark)).toBe(1)
    })

    it('takes an answer for each of many links', async () => {
      const links = await Promise.all(Array.from({ length: 8 }, () => newLink()))
      const clicks = links.flatMap((each) => [answer(app, each), answer(app, each)])
      const statuses = (await Promise.all(clicks)).map(({ status }) => status)
      expect(statuses.filter((status) => status === 303)).toHaveLength(8)
      expect(statuses.filter((status) => status === 401 || status === 409)).toHaveLength(8)
    })
  })
}
