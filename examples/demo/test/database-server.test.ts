import {
  findPostgres,
  serverOrSkip,
  startPostgres,
  type PostgresServer,
} from '@countersign/test-servers'
import request from 'supertest'
import { dataFolder, runDemo, type RunningDemo } from './running-demo'
import { answerTogether, BOARDS, enter, firstRequest, pathOf, signFor, votes } from './visits'

const found = findPostgres()
const lent = found && 'url' in found ? found.url : undefined

;(serverOrSkip('postgresql', found) ? describe : describe.skip)(
  'the demo on a PostgreSQL server',
  () => {
    const data = dataFolder()
    let server: PostgresServer | undefined
    let demos: readonly RunningDemo[] = []
    beforeAll(async () => {
      server = lent ? undefined : await startPostgres({ settings: { fsync: 'off' } })
      const variables = { DATABASE_URL: lent ?? server!.url, DATA_FOLDER: data.folder }
      const first = await runDemo(variables)
      demos = [first, await runDemo(variables)]
    }, 60_000)
    afterAll(async () => {
      await Promise.all(demos.map((demo) => demo.stop()))
      await server?.stop()
      data.remove()
    })

    it('keeps votes, ideas and comments there', async () => {
      const [first, second] = demos as [RunningDemo, RunningDemo] // started above
      const ada = await enter(first, 'ada', 'featkit')
      const before = (await ada.get(BOARDS.featkit)).text
      const form = (path: string): request.Test =>
        ada.post(`${BOARDS.featkit}/${path}`).type('form')
      const id = firstRequest(before)
      await form(`${id}/vote`).expect(303)
      await form(`${id}/vote`).expect('Location', /notice=voted-before/)
      await form(`${id}/comment`).send({ body: 'Across processes' }).expect(303)
      await form('suggest').send({ title: 'An idea — “quoted” 🏮' }).expect(303)
      const { text } = await request(second.portalOrigin).get(BOARDS.featkit)
      expect(votes(text)[0]).toBe(votes(before)[0]! + 1)
      expect(text).toContain('Across processes')
      expect(text).toContain('<bdi>An idea — “quoted” 🏮</bdi>')
    })

    it('takes one answer for each link, whichever process it reaches', async () => {
      const { url } = await signFor(demos[0]!, 'ada', 'harlyy')
      const urls = demos.map(({ portalOrigin }) => portalOrigin + pathOf(url))
      expect(await answerTogether([...urls, ...urls])).toEqual([303, 401, 401, 401])
    })
  },
)
