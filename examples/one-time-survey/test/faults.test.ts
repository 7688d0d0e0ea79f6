import { eventually, findProgram, startRedis, type RedisServer } from '@countersign/test-servers'
import type { Express } from 'express'
import { createApp } from '../src/app'
import { openStores, type Stores } from '../src/stores'
import { surveyPortal } from '../src/survey'
import { heldAnswers, type HeldAnswers } from './held-answers'
import { describeOn, DURABLE } from './places'
import { runSurvey } from './running-survey'
import { answer, gist, newLink, open, portal, SECRET, whenSettled } from './visits'

const USED = [401, 'This link has been used']
const AWAY = [503, 'Please try again in a minute']

const redisHere = { name: 'redis-server', found: findProgram('redis-server') !== undefined }

describeOn(redisHere)('while Redis is away', () => {
  let servers: RedisServer[]
  let stores: Stores
  let answers: HeldAnswers
  let app: Express

  beforeEach(async () => {
    jest.spyOn(console, 'error').mockImplementation(() => undefined) // it says so
    servers = [await startRedis({ args: DURABLE })]
    stores = await openStores({ REDIS_URL: servers[0]!.url })
    answers = heldAnswers(stores.answers)
    app = createApp({ portal, replayStore: stores.replayStore, answers })
  })
  afterEach(async () => {
    await stores?.close()
    for (const server of servers.toReversed()) await server.stop()
    jest.restoreAllMocks()
  })

  async function lose(): Promise<void> {
    servers[0]!.kill('SIGKILL')
    await servers[0]!.stopped
  }

  async function restart(): Promise<void> {
    const { port, folder } = servers[0]!
    servers.push(await startRedis({ args: DURABLE, port, folder }))
  }

  /** Asks with a link that nobody has used. */
  const isBack = async (): Promise<boolean> => (await open(app, await newLink())).status === 200

  it('says so, saves nothing, and goes on when it is back', async () => {
    const [used, fresh] = [await newLink(), await newLink()]
    await answer(app, used).expect(303)
    await lose()
    for (const refused of [await open(app, fresh), await answer(app, fresh)]) {
      expect(gist(refused)).toEqual(AWAY)
      expect(refused.headers['retry-after']).toBe('1')
      expect(refused.text).not.toMatch(/sig=|redis|ECONN/i)
    }
    expect(await stores.answers.list()).toHaveLength(1)
    await restart()
    await eventually(isBack)
    expect(gist(await answer(app, used))).toEqual(USED)
    await answer(app, fresh).expect(303)
  })

  it('says so where it is only silent, and gives the link back', async () => {
    const link = await newLink()
    servers[0]!.kill('SIGSTOP')
    expect(gist(await answer(app, link))).toEqual(AWAY)
    servers[0]!.kill('SIGCONT')
    await eventually(async () => (await answer(app, link)).status === 303)
    expect(await stores.answers.list()).toHaveLength(1)
  })

  it('forgets no answer that is saved just then', async () => {
    const link = await newLink()
    const other = createApp({
      portal: surveyPortal({ SURVEY_SECRET: SECRET }), // as another process has it
      replayStore: stores.replayStore,
      answers,
    })
    const { arrived, release } = answers.hold()
    const sent = answer(app, link).then(gist)
    await arrived
    await lose()
    release()
    expect((await sent)[0]).toBe(303)
    expect(gist(await answer(app, link))).toEqual(USED)
    await restart()
    await eventually(isBack)
    expect(await eventually(() => whenSettled(other, link))).toEqual(USED)
  })
})

describeOn(redisHere)('a process that is killed', () => {
  it('gives the link of an unsaved answer back when its lease ends', async () => {
    const { url, stop } = await startRedis({ args: DURABLE })
    const stores = await openStores({ REDIS_URL: url })
    const app = createApp({ portal, ...stores })
    const stuck = await runSurvey({ REDIS_URL: url }, 'stuck-survey.ts')
    try {
      const link = await newLink()
      const sent = answer(stuck.origin, link).then(
        () => 'an answer',
        () => 'none',
      )
      await eventually(() => stuck.output().includes('saving'))
      expect((await answer(app, link)).status).toBe(409)
      await stuck.stop('SIGKILL')
      expect(await sent).toBe('none')
      expect(await eventually(() => whenSettled(app, link))).toEqual([200, expect.any(String)])
      await answer(app, link).expect(303)
      expect(gist(await answer(app, link))).toEqual(USED)
    } finally {
      await stuck.stop('SIGKILL')
      await stores.close()
      await stop()
    }
  })
})
