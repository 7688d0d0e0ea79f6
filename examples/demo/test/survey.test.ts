import request from 'supertest'
import { demoForTests } from './running-demo'
import { answerAtOnce, known, pathOf, signFor } from './visits'

describe('the survey', () => {
  const demo = demoForTests()

  const portal = (): ReturnType<typeof request> => request(demo.portalOrigin)
  const newLink = async (): Promise<string> =>
    pathOf((await signFor(demo, 'ada', '/sign/harlyy')).url)
  const answer = (link: string, sent: object = { rating: '5' }): request.Test =>
    portal().post(link).type('form').send(sent)

  it('says how it knows, and that it knows nobody', async () => {
    const { text } = await portal()
      .get(await newLink())
      .expect(200)
    expect(known(text)).toEqual({
      Who: 'Nobody in particular: this link carries no name',
      Scheme: 'Harlyy signed link',
      Key: 'harlyy-key-1',
      Issued: 'not said',
      Expires: expect.stringMatching(/^\d{1,2} \w{3,4} \d{4}, \d\d:\d\d:\d\d UTC$/),
    })
  })

  it('takes one answer for each link', async () => {
    const link = await newLink()
    const { headers } = await answer(link).expect(303)
    expect(headers['location']).toBe('/harlyy/lantern/autumn/thanks')
    expect((await portal().get('/harlyy/lantern/autumn/thanks')).text).toContain('Thank you.')
    for (const again of [await portal().get(link), await answer(link)]) {
      expect(again.status).toBe(401)
      expect(again.text).toContain('<h1>You have answered already</h1>')
      expect(again.text).toContain('<code>401 token_replayed</code>')
    }
  })

  it('takes one answer when many come at once', async () => {
    const { url } = await signFor(demo, 'ada', '/sign/harlyy')
    expect(await answerAtOnce([url, url, url, url])).toEqual([303, 401, 401, 401])
  })

  it('uses no link up by looking at it', async () => {
    const link = await newLink()
    await portal().get(link).expect(200)
    await portal().head(link).expect(200)
    await answer(link).expect(303)
  })

  it.each([{}, { rating: '0' }, { rating: '6' }, { rating: 'x' }, { rating: '' }])(
    'asks again for an answer that is not complete, and keeps the link good: %j',
    async (sent) => {
      const link = await newLink()
      const { text } = await answer(link, sent).expect(422)
      expect(text).toContain('Choose one of the five first. Your link is still good.')
      await answer(link).expect(303)
    },
  )

  it('asks for the whole link where there is none', async () => {
    const { text } = await portal().get('/harlyy/lantern/autumn').expect(401)
    expect(text).toContain('<h1>This survey opens from a link</h1>')
    expect(text).toContain('<code>401 credential_missing</code>')
  })

  it('is kind about a link that has expired', async () => {
    const { url } = await signFor(demo, 'ada', '/sign-long-ago/harlyy')
    const { text } = await answer(pathOf(url)).expect(401)
    expect(text).toContain('<h1>This survey link has expired</h1>')
    expect(text).toContain('<code>401 token_expired</code>')
  })
})
