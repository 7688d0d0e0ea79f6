import { createSigner, memoryReplayStore } from '@countersign/express'
import express from 'express'
import request from 'supertest'
import { memoryAnswers } from '../src/answers'
import { createApp } from '../src/app'
import { surveyPortal } from '../src/survey'
import { answer, gist, newLink, open, portal, SECRET } from './visits'

const answers = memoryAnswers()
const app = createApp({ portal, replayStore: memoryReplayStore(), answers })

const DAY = 86_400_000
const UNTRUSTED = [401, 'This link does not work']

async function linkOf(secret: string, now = Date.now()): Promise<string> {
  const signer = createSigner(surveyPortal({ SURVEY_SECRET: secret }), { now: () => now })
  return new URL((await signer.sign({})).url).search
}

describe('a link that is refused', () => {
  const visits: readonly (readonly [
    what: string,
    link: () => Promise<string>,
    said: readonly unknown[],
  ])[] = [
    ['is cut off', async () => '', [401, 'This survey opens with a link']],
    ['is no link of ours', async () => '?sig=a-word', UNTRUSTED],
    ['is forged', () => linkOf('Not-the-secret-of-our-survey-of-autumn-2026'), UNTRUSTED],
    ['is over', () => linkOf(SECRET, Date.now() - 8 * DAY), [401, 'This link has expired']],
    ['is there twice', async () => '?sig=a&sig=b', [400, 'This link does not work']],
  ]

  it.each(visits)('is told so in words where it %s', async (_, search, said) => {
    const link = `/lantern/autumn${await search()}`
    const looked = await open(app, link).expect('Content-Type', /html/)
    expect(gist(looked)).toEqual(said)
    const answered = await answer(app, link).expect('Content-Type', /html/)
    expect(gist(answered)).toEqual(said)
  })

  it('saved nothing', async () => {
    expect(await answers.list()).toEqual([])
  })
})

describe('every page', () => {
  /** One of each kind, all of them by the same link. */
  async function visits() {
    const link = await newLink()
    const sig = new URLSearchParams(link.split('?')[1]).get('sig')!
    const pages = [
      await open(app, link),
      await answer(app, link, { rating: '0' }),
      await answer(app, link, { remark: 'x'.repeat(20_000) }),
      await answer(app, link),
      await answer(app, link),
      await open(app, link),
      await open(app, link.replace('?', '?sig=more&')),
      await open(app, `/elsewhere${link}`),
      await request(app).get('/lantern/autumn/thanks'),
    ]
    return { pages, parts: [sig, encodeURIComponent(sig), ...sig.split('.')] }
  }

  it('keeps the link to itself', async () => {
    const { pages, parts } = await visits()
    expect(pages.map(({ status }) => status)).toEqual([200, 422, 413, 303, 401, 401, 400, 404, 200])
    for (const { text, headers } of pages) {
      for (const part of parts) expect(text + JSON.stringify(headers)).not.toContain(part)
    }
  })

  it('is kept by no cache, is framed by nobody, and runs nothing', async () => {
    const { pages } = await visits()
    for (const { headers } of pages) {
      expect(headers).toMatchObject({
        'cache-control': 'private, no-store',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
      })
      expect(headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-/)
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'")
    }
  })

  it('keeps the link out of the access log', async () => {
    const log: string[] = []
    const logged = express().use((req, res, next) => {
      res.on('finish', () => log.push(req.originalUrl))
      next()
    }, app)
    await open(logged, await newLink()).expect(200)
    expect(log).toEqual(['/lantern/autumn'])
  })
})

describe('the form', () => {
  it('shows what was written as text', async () => {
    const remark = `</textarea><script>alert("1")</script> & 'co'`
    const { text } = await answer(app, await newLink(), { remark }).expect(422)
    expect(text).not.toContain('<script')
    expect(text).toContain('&#60;/textarea&#62;&#60;script&#62;')
  })

  it('costs no link where it cannot be read', async () => {
    const link = await newLink()
    expect(gist(await answer(app, link, { remark: 'x'.repeat(20_000) }))).toEqual([
      413,
      'We could not read your answer',
    ])
    await answer(app, link, 'rating=1').type('form').set('Content-Encoding', 'x').expect(415)
    await answer(app, link, '{}').type('json').expect(422)
    await answer(app, link, 'rating=1&rating=2').expect(422)
    await answer(app, link).expect(303)
  })

  it('keeps a remark that a database takes', async () => {
    const remark = `\0${'ab'.repeat(400)}`
    await answer(app, await newLink(), { rating: '5', remark }).expect(303)
    expect(await answers.list()).toContainEqual({ rating: 5, remark: 'ab'.repeat(250) })
  })
})
