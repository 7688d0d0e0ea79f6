import request from 'supertest'
import type { RunningDemo } from '../running-demo'
import { answerTogether, known, pathOf, sessionIn, signFor } from '../visits'

export function testSurvey(demo: RunningDemo): void {
  describe('the survey', () => {
    const portal = (): ReturnType<typeof request> => request(demo.portalOrigin)
    const newLink = async (): Promise<string> => pathOf((await signFor(demo, 'ada', 'harlyy')).url)
    const answer = (link: string, sent: object = { rating: '5' }): request.Test =>
      portal().post(link).type('form').send(sent)

    it('says how it knows, and takes one answer for each link', async () => {
      const link = await newLink()
      await portal().head(link).expect(200)
      const { text } = await portal().get(link).expect(200)
      expect(known(text)).toEqual({
        Who: 'This link does not contain a name',
        Scheme: 'Harlyy one-time link',
        Key: 'harlyy-key-1',
        Issued: 'not given',
        Expires: expect.stringMatching(/^\d{1,2} \w{3,4} \d{4}, \d\d:\d\d:\d\d UTC$/),
      })
      const first = await answer(link).expect(303)
      expect(first.headers['location']).toBe('/harlyy/lantern/autumn/thanks')
      const thanks = portal().get('/harlyy/lantern/autumn/thanks').set('Cookie', sessionIn(first))
      await thanks.expect(200, /Thank you\./)
      for (const again of [await portal().get(link), await answer(link)]) {
        expect(again.status).toBe(401)
        expect(again.text).toContain('<h1>This link was already used</h1>')
      }
    })

    it('takes one of several simultaneous answers', async () => {
      const { url } = await signFor(demo, 'ada', 'harlyy')
      expect(await answerTogether([url, url, url, url])).toEqual([303, 401, 401, 401])
    })

    it.each([{}, { rating: '0' }, { rating: '6' }, { rating: 'x' }])(
      'asks again for an answer that is not complete, and does not use the link up: %j',
      async (sent) => {
        const link = await newLink()
        await answer(link, sent).expect(422, /Please choose one of the five\. Your link can still/)
        await answer(link).expect(303)
      },
    )

    it('thanks only a visitor who has answered', async () => {
      const { headers } = await portal().get('/harlyy/lantern/autumn/thanks').expect(303)
      const { text } = await portal().get(headers['location']!).expect(401)
      expect(text).toContain('<h1>This survey opens from a link</h1>')
      expect(text).toContain('<code>401 credential_missing</code>')
    })
  })
}
