import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { join, relative } from 'node:path'
import request from 'supertest'
import { close, listen } from '../src/listen'
import { readSettings, type Settings } from '../src/settings'
import { startDemo, type Demo } from '../src/start'
import { testBoards } from './portal/board'
import { testRefusals } from './portal/refusal'
import { testSurvey } from './portal/survey'
import {
  dataFolder,
  NO_SECRETS,
  ROOT,
  runDemo,
  runToTheEnd,
  type RunningDemo,
} from './running-demo'
import { BOARDS, enter, firstRequest, pathOf, postSigned, signFor, votes } from './visits'

describe('the demo as a process', () => {
  const data = dataFolder()
  const variables = { ...NO_SECRETS, DATA_FOLDER: data.folder }
  afterAll(() => data.remove())

  describe('over a restart', () => {
    const answer = { rating: '4' }
    let before: RunningDemo
    const after = {} as RunningDemo // complete as soon as a test runs
    let link = ''
    let stopped: number | null = null
    let votesBefore: readonly number[] = []
    let fdback: Awaited<ReturnType<typeof signFor>>

    beforeAll(async () => {
      before = await runDemo(variables)
      const mallory = await enter(before, 'mallory', 'seggwat-jwt')
      const { text } = await mallory.get(BOARDS['seggwat-jwt'])
      votesBefore = votes(text)
      await mallory.post(`${BOARDS['seggwat-jwt']}/${firstRequest(text)}/vote`).expect(303)
      link = pathOf((await signFor(before, 'ada', 'harlyy')).url)
      await request(before.portalOrigin).post(link).type('form').send(answer).expect(303)
      fdback = await signFor(before, 'ada', 'fdback')
      await postSigned(request(before.portalOrigin), fdback).expect(303)
      const silent = connect(Number(new URL(before.appOrigin).port), '127.0.0.1').unref()
      await once(silent, 'connect')
      stopped = await before.stop('SIGINT')
      Object.assign(after, await runDemo(variables))
    })
    afterAll(() => after.stop?.())

    it('prints what matters, and nothing else', () => {
      expect(before.output()).toBe(
        `
  Open    ${before.appOrigin}
  Portal  ${before.portalOrigin}
  Data    ${relative(ROOT, data.folder)}
  Refused requests are listed here, with the code that only your log gets.
  Ctrl-C stops the demo.

`,
      )
    })

    it('stops at Ctrl-C, with nothing left open', async () => {
      expect(stopped).toBe(0)
      await expect(request(before.appOrigin).get('/')).rejects.toThrow('ECONNREFUSED')
    })

    it('keeps votes', async () => {
      const board = (await request(after.portalOrigin).get(BOARDS['seggwat-jwt'])).text
      expect(votes(board)[0]).toBe(votesBefore[0]! + 1)
    })

    it('keeps its made-up secrets, so that what was used is still used', async () => {
      const used = await request(after.portalOrigin).post(link).type('form').send(answer)
      const replayed = await postSigned(request(after.portalOrigin), fdback)
      expect(used.text).toContain('<code>401 token_replayed</code>')
      expect(replayed.text).toContain('<code>401 token_replayed</code>')
    })

    it('lets no second demo use its data', async () => {
      const second = await runToTheEnd(variables)
      expect(second.code).toBe(1)
      expect(second.output).toMatch(
        /^The data in \S+ is in use by process \d+\. Set DATA_FOLDER .+\n$/,
      )
    })

    testBoards(after)
    testRefusals(after)
    testSurvey(after)

    it('stops at SIGTERM', async () => {
      expect(await after.stop('SIGTERM')).toBe(0)
    })
  })

  describe('that cannot start', () => {
    const local = { port: 0, publicOrigin: undefined }
    const printed: string[] = []
    const start = (changed: Partial<Settings>): Promise<Demo> => {
      const settings = { ...readSettings({}), app: local, portal: local, ...changed }
      return startDemo(settings, (line) => printed.push(line))
    }

    it('says in one line that a port is taken', async () => {
      const other = createServer().unref()
      const port = await listen(other, 0, '')
      expect(other.address()).toMatchObject({ address: '127.0.0.1', port })
      await expect(start({ portal: { ...local, port } })).rejects.toThrow(
        `Port ${port} is taken. Set PORTAL_PORT to another one.`,
      )
      await close(other)
    })

    it('says that it makes the database, the first time', async () => {
      const dataFolder = join(__filename, 'none') // no folder can be made there
      await expect(start({ dataFolder })).rejects.toThrow('ENOTDIR')
      expect(printed).toEqual([expect.stringMatching(/^\n {2}Making the database\. .+\.$/)])
    })

    it('says in one line that there is no database server', async () => {
      const databaseUrl = 'postgres://127.0.0.1:1/none'
      await expect(start({ databaseUrl })).rejects.toThrow(/^.*ECONNREFUSED.*$/)
    })
  })
})
