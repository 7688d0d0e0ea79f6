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

export function testBoards(demo: RunningDemo): void {
  describe('a board', () => {
    it.each([
      [
        'featkit',
        'FeatKit signed link',
        'featkit-key-1',
        'Zoë Lindström zoe@lantern.example id zoe',
      ],
      [
        'seggwat-hmac',
        'SeggWat HMAC token',
        'seggwat-key-1',
        'Zoë Lindström zoe@lantern.example id zoe',
      ],
      ['seggwat-jwt', 'SeggWat JWT', 'seggwat-key-2', 'Zoë Lindström zoe@lantern.example id zoe'],
      ['fdback', 'fdback signed request', 'fdback-key-1', 'Zoë Lindström zoe@lantern.example'],
    ] as const)(
      'says on %s who the visitor is and how it knows',
      async (board, Scheme, Key, Who) => {
        const portal = await enter(demo, 'zoe', board)
        const { text } = await portal.get(BOARDS[board]).expect(200)
        expect(known(text)).toEqual({ Who, Scheme, Key, Issued: time, Expires: time })
      },
    )

    it('takes the credential out of the address once it has checked it', async () => {
      const { url } = await signFor(demo, 'ada', 'seggwat-jwt')
      const { headers } = await request(demo.portalOrigin).get(pathOf(url)).expect(303)
      expect(headers['location']).toBe('/seggwat/p/lantern-jwt?embed=true&notice=arrived')
      expect(headers['cache-control']).toBe('no-store')
      expect(headers['referrer-policy']).toBe('no-referrer')
      expect(headers['set-cookie']![0]).toMatch(
        /^portal_seggwat-jwt=[\w.-]+; Max-Age=3600; Path=\/seggwat; Expires=[^;]+; HttpOnly; Secure; Partitioned; SameSite=None$/,
      )
    })

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
      const after = (await ada.get(`${BOARDS[board]}?notice=voted-before`)).text
      expect(votes(after)[0]).toBe(votes(before)[0]! + 2)
      expect(after).toContain('You have already voted for this. Each person has one vote.')
    })

    it('counts one of several simultaneous votes of the same person', async () => {
      const ada = await enter(demo, 'mallory', 'featkit')
      const before = (await ada.get(BOARDS.featkit)).text
      const vote = `${BOARDS.featkit}/${firstRequest(before)}/vote`
      await Promise.all(Array.from({ length: 8 }, () => ada.post(vote).expect(303)))
      expect(votes((await ada.get(BOARDS.featkit)).text)[0]).toBe(votes(before)[0]! + 1)
    })

    it('puts a suggestion on the board, with a vote of its author', async () => {
      const ada = await enter(demo, 'ada', 'featkit')
      const idea = { title: '  <b>Bold</b>\u0000 & "quoted"  ', detail: '' }
      await ada.post(`${BOARDS.featkit}/suggest`).type('form').send(idea).expect(303)
      const { text } = await ada.get(BOARDS.featkit)
      expect(text).toContain('<bdi>&lt;b&gt;Bold&lt;/b&gt; &amp; &quot;quoted&quot;</bdi>')
      expect(text).not.toContain('<b>Bold')
      expect(votes(text).at(-1)).toBe(1)
    })

    it('shows a comment to everyone, as text', async () => {
      const mallory = await enter(demo, 'mallory', 'fdback')
      const id = firstRequest((await mallory.get(BOARDS.fdback)).text)
      const comment = { body: '<script>alert(1)</script>' }
      await mallory.post(`${BOARDS.fdback}/${id}/comment`).type('form').send(comment).expect(303)
      const { text } = await request(demo.portalOrigin).get(BOARDS.fdback)
      expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
      expect(text).toContain('<bdi>&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;</bdi>')
      expect(text).not.toMatch(/<script>|<img src=x/)
    })

    it.each([
      ['an idea without a title', 'suggest', { title: ' \n ' }, 'title-missing'],
      ['an idea with two titles', 'suggest', { title: ['a', 'b'] }, 'title-missing'],
      ['an empty comment', '1/comment', { body: '' }, 'comment-missing'],
    ])('asks again for %s', async (_what, path, sent, notice) => {
      const ada = await enter(demo, 'ada', 'featkit')
      const { headers } = await ada.post(`${BOARDS.featkit}/${path}`).type('form').send(sent)
      expect(headers['location']).toContain(`?notice=${notice}`)
    })

    it('repeats no text that came with the address', async () => {
      const { text } = await request(demo.portalOrigin).get(`${BOARDS.featkit}?notice=constructor`)
      expect(text).toContain('<p class="notice toast" role="status"></p>')
    })

    it.each(ALL)('lets visitors of %s read, and nothing more', async (board) => {
      const visitor = request(demo.portalOrigin)
      const { text } = await visitor.get(BOARDS[board]).expect(200)
      expect(votes(text).length).toBeGreaterThanOrEqual(4)
      expect(text).toContain('You are reading as a visitor')
      expect(text).toMatch(RegExp(`<a href="${demo.appOrigin}"[^>]*>Sign in through Lantern</a>`))
      expect(text).toContain('<link rel="icon" href="/assets/portal.svg"')
      expect(text).not.toMatch(/<form|<textarea|How we know/)
      for (const action of [
        `${firstRequest(text)}/vote`,
        `${firstRequest(text)}/comment`,
        'suggest',
      ]) {
        const sent = { title: 'An idea', body: 'A comment' }
        const refused = await visitor.post(`${BOARDS[board]}/${action}`).type('form').send(sent)
        expect([refused.status, refused.headers['www-authenticate']]).toEqual([401, 'Bearer'])
        expect(refused.text).toContain('<code>401 credential_missing</code>')
      }
      expect(votes((await visitor.get(BOARDS[board])).text)).toEqual(votes(text))
    })

    it('signs out a visitor who leaves', async () => {
      const ada = await enter(demo, 'ada', 'seggwat-hmac')
      const { headers } = await ada.post(`${BOARDS['seggwat-hmac']}/leave?embed=true`).expect(303)
      expect(headers['location']).toBe(`${BOARDS['seggwat-hmac']}?embed=true`)
      expect(headers['set-cookie']![0]).toMatch(
        /^portal_seggwat-hmac=; Path=\/seggwat; Expires=Thu, 01 Jan 1970/,
      )
    })

    it('refuses an action of a page that was shown to another user', async () => {
      const zoe = await enter(demo, 'zoe', 'featkit')
      const before = votes((await zoe.get(BOARDS.featkit)).text)
      for (const action of ['1/vote', 'suggest', '1/comment', 'leave']) {
        const sent = { as: 'ada', title: 'An idea', body: 'A comment' }
        const answer = await zoe
          .post(`${BOARDS.featkit}/${action}`)
          .type('form')
          .send(sent)
          .expect(409)
        expect(answer.text).toContain(
          'You are now signed in as Zoë Lindström. Nothing was changed.',
        )
        expect(answer.text).toContain('<bdi>Zoë Lindström</bdi>')
      }
      expect(votes((await zoe.get(BOARDS.featkit)).text)).toEqual(before)
    })

    it('says that the user has changed, or that the browser has kept no cookie', async () => {
      const ada = await enter(demo, 'ada', 'featkit')
      const link = pathOf((await signFor(demo, 'zoe', 'featkit')).url)
      const zoe = sessionIn(await ada.get(link).expect(303))
      const arrived = request(demo.portalOrigin).get(`${BOARDS.featkit}?notice=arrived`)
      const { text } = await arrived.set('Cookie', zoe)
      expect(text).toContain('You were signed in as Ada Okafor. Now you are Zoë Lindström.')
      const lost = await request(demo.portalOrigin).get(`${BOARDS.featkit}?notice=arrived`)
      expect(lost.text).toContain('your browser did not keep this site’s cookie')
    })

    it('refuses a vote that the page of another origin sends with our cookie', async () => {
      const ada = await enter(demo, 'ada', 'featkit')
      const from = { Origin: demo.appOrigin, 'Sec-Fetch-Site': 'same-site' }
      await ada.post(`${BOARDS.featkit}/2/vote`).set(from).expect(403)
      await ada.post(`${BOARDS.featkit}/2/vote`).set('Origin', demo.appOrigin).expect(403)
    })

    it('does not take the session of one board for that of another', async () => {
      const { url } = await signFor(demo, 'ada', 'featkit')
      const { headers } = await request(demo.portalOrigin).get(pathOf(url))
      const stolen = headers['set-cookie']![0]!.split(';')[0]!.replace('featkit', 'fdback')
      const { text } = await request(demo.portalOrigin).get(BOARDS.fdback).set('Cookie', stolen)
      expect(text).toContain('You are reading as a visitor')
    })

    it('keeps to its own requests', async () => {
      const [ada, visitor] = [await enter(demo, 'ada', 'featkit'), request(demo.portalOrigin)]
      const other = firstRequest((await visitor.get(BOARDS.fdback)).text)
      for (const id of [other, '999999999', '9999999999', '-1', '1e1', 'x']) {
        const { text } = await ada.post(`${BOARDS.featkit}/${id}/vote`).expect(404)
        expect(text).toContain('<code>404 not_found</code>')
        const comment = ada
          .post(`${BOARDS.featkit}/${id}/comment`)
          .type('form')
          .send({ body: 'Hi' })
        await comment.expect(404)
      }
    })
  })
}
