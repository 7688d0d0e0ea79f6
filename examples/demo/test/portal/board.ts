import request from 'supertest'
import type { RunningDemo } from '../running-demo'
import {
  BOARDS,
  enter,
  firstRequest,
  known,
  pathOf,
  sessionIn,
  signFor,
  votes,
  type BoardId,
} from '../visits'

const ALL = Object.keys(BOARDS) as BoardId[] // its own keys
const time = expect.stringMatching(/^\d{1,2} \w{3,4} \d{4}, \d\d:\d\d:\d\d UTC$/)
const ZOE = 'Zoë Lindström zoe@lantern.example'

export function testBoards(demo: RunningDemo): void {
  describe('a board', () => {
    const visitor = (): ReturnType<typeof request> => request(demo.portalOrigin)

    it.each([
      ['featkit', 'FeatKit signed link', 'featkit-key-1', `${ZOE} id zoe`],
      ['seggwat-hmac', 'SeggWat HMAC token', 'seggwat-key-1', `${ZOE} id zoe`],
      ['seggwat-jwt', 'SeggWat JWT', 'seggwat-key-2', `${ZOE} id zoe`],
      ['fdback', 'fdback signed request', 'fdback-key-1', ZOE],
    ] as const)(
      'says on %s who the visitor is and how it knows',
      async (board, Scheme, Key, Who) => {
        const zoe = await enter(demo, 'zoe', board)
        const { text } = await zoe.get(BOARDS[board]).expect(200)
        expect(known(text)).toEqual({ Who, Scheme, Key, Issued: time, Expires: time })
      },
    )

    it.each(ALL)('counts one vote for each person on %s', async (board) => {
      const [ada, zoe] = [await enter(demo, 'ada', board), await enter(demo, 'zoe', board)]
      const before = (await ada.get(BOARDS[board])).text
      const vote = `${BOARDS[board]}/${firstRequest(before)}/vote`
      const said: (string | undefined)[] = []
      for (const voter of [ada, ada, zoe]) {
        const { headers } = await voter.post(vote).expect(303)
        said.push(/notice=([\w-]+)/.exec(headers['location']!)?.[1])
      }
      expect(said).toEqual(['voted', 'voted-before', 'voted'])
      const after = (await ada.get(BOARDS[board])).text
      expect(votes(after)[0]).toBe(votes(before)[0]! + 2)
    })

    it('counts one of several simultaneous votes of the same person', async () => {
      const mallory = await enter(demo, 'mallory', 'featkit')
      const before = (await mallory.get(BOARDS.featkit)).text
      const vote = `${BOARDS.featkit}/${firstRequest(before)}/vote`
      await Promise.all(Array.from({ length: 8 }, () => mallory.post(vote).expect(303)))
      expect(votes((await mallory.get(BOARDS.featkit)).text)[0]).toBe(votes(before)[0]! + 1)
    })

    it('shows ideas and comments to everyone, as text', async () => {
      const mallory = await enter(demo, 'mallory', 'fdback')
      const id = firstRequest((await mallory.get(BOARDS.fdback)).text)
      const [title, body] = [`  <b>It's</b>\u0000 & "quoted"  `, '<script>alert(1)</script>']
      const form = (path: string): request.Test =>
        mallory.post(`${BOARDS.fdback}/${path}`).type('form')
      await form('suggest').send({ title, detail: '' }).expect(303)
      await form(`${id}/comment`).send({ body }).expect(303)
      const { text } = await mallory.get(BOARDS.fdback)
      const escaped = '&lt;b&gt;It&#39;s&lt;/b&gt; &amp; &quot;quoted&quot;'
      expect(text).toContain(`<bdi>${escaped}</bdi>`)
      expect(text).toContain(`aria-label="Vote for ${escaped}, 1 so far"`) // the vote of its author
      expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
      expect(text).toContain('<bdi>&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;</bdi>')
      expect(text).not.toMatch(/<b>|<script>|<img src=x/)
      expect((await visitor().get(BOARDS.fdback)).text).toContain(`<bdi>${escaped}</bdi>`)
    })

    it.each([
      ['an idea without a title', 'suggest', { title: ' \n ' }, 'title-missing'],
      ['an idea with two titles', 'suggest', { title: ['a', 'b'] }, 'title-missing'],
      ['an empty comment', '1/comment', { body: '' }, 'comment-missing#request-1'],
    ])('asks again for %s', async (_what, path, sent, notice) => {
      const ada = await enter(demo, 'ada', 'featkit')
      const answer = ada.post(`${BOARDS.featkit}/${path}`).type('form').send(sent)
      await answer.expect('Location', `${BOARDS.featkit}?notice=${notice}`)
    })

    it('signs out a visitor who leaves, and stays in its frame', async () => {
      const ada = await enter(demo, 'ada', 'seggwat-hmac')
      const { headers } = await ada.post(`${BOARDS['seggwat-hmac']}/leave?embed=true`).expect(303)
      expect(headers['location']).toBe(`${BOARDS['seggwat-hmac']}?embed=true`)
      expect(headers['set-cookie']![0]).toMatch(/^portal_seggwat-hmac=; Path=\/seggwat; .* 1970/)
    })

    it('repeats no text that came with the address', async () => {
      const { text } = await visitor().get(`${BOARDS.featkit}?notice=constructor`)
      expect(text).toContain('<p class="notice toast" role="status"></p>')
    })

    it('says that the browser has kept no cookie', async () => {
      const { text } = await visitor().get(`${BOARDS.featkit}?notice=arrived`)
      expect(text).toContain('your browser did not keep this site’s cookie')
    })

    it.each(ALL)('lets visitors of %s read, and nothing more', async (board) => {
      const { text } = await visitor().get(BOARDS[board]).expect(200)
      expect(votes(text).length).toBeGreaterThanOrEqual(4)
      expect(text).toMatch(RegExp(`<a href="${demo.appOrigin}"[^>]*>Sign in through Lantern</a>`))
      expect(text).not.toMatch(/<form|<textarea|How we know/)
      const id = firstRequest(text)
      for (const action of [`${id}/vote`, `${id}/comment`, 'suggest']) {
        const form = visitor().post(`${BOARDS[board]}/${action}`).type('form')
        const refused = await form.send({ title: 'An idea', body: 'A comment' })
        expect([refused.status, refused.headers['www-authenticate']]).toEqual([401, 'Bearer'])
        expect(refused.text).toContain('<code>401 credential_missing</code>')
      }
      expect(votes((await visitor().get(BOARDS[board])).text)).toEqual(votes(text))
    })

    it('refuses an action of a page that was shown to another user', async () => {
      const zoe = await enter(demo, 'zoe', 'featkit')
      for (const action of ['1/vote', 'suggest', '1/comment', 'leave']) {
        const form = zoe.post(`${BOARDS.featkit}/${action}`).type('form')
        const sent = form.send({ as: 'ada', title: 'An idea', body: 'A comment' })
        await sent.expect(409, /You are now signed in as Zoë Lindström\. Nothing was changed\./)
      }
    })

    it('refuses a vote that the page of another origin sends with our cookie', async () => {
      const ada = await enter(demo, 'ada', 'featkit')
      await ada.post(`${BOARDS.featkit}/2/vote`).set('Origin', demo.appOrigin).expect(403)
    })

    it('does not take the session of one board for that of another', async () => {
      const { url } = await signFor(demo, 'ada', 'featkit')
      const stolen = sessionIn(await visitor().get(pathOf(url))).replace('featkit', 'fdback')
      const { text } = await visitor().get(BOARDS.fdback).set('Cookie', stolen)
      expect(text).toContain('You are reading as a visitor')
    })

    it('keeps to its own requests', async () => {
      const ada = await enter(demo, 'ada', 'featkit')
      const other = firstRequest((await visitor().get(BOARDS.fdback)).text)
      for (const id of [other, '999999999', '9999999999', '-1', '1e1', 'x']) {
        await ada.post(`${BOARDS.featkit}/${id}/vote`).expect(404, /<code>404 not_found</)
        const comment = ada.post(`${BOARDS.featkit}/${id}/comment`).type('form')
        await comment.send({ body: 'Hi' }).expect(404)
      }
    })
  })
}
