import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { findProgram, startRedis } from '@countersign/test-servers'
import { makeLinks } from '../src/links'
import { openStores } from '../src/stores'
import { describeOn } from './places'
import { runSurvey, runToTheEnd } from './running-survey'
import { answer, gist, portal } from './visits'

const redisHere = { name: 'redis-server', found: findProgram('redis-server') !== undefined }

/** Opens the stores on a server with these settings, and closes all again. */
async function openWith(...args: readonly string[]): Promise<boolean | undefined> {
  const { url, stop } = await startRedis({ args })
  try {
    const stores = await openStores({ REDIS_URL: url })
    await stores.close()
    return stores.replayStore.durable
  } finally {
    await stop()
  }
}

describeOn(redisHere)('at its start the survey', () => {
  it('refuses a Redis that forgets used links when it is restarted', async () => {
    await expect(openWith()).rejects.toMatchObject({ reason: 'store_unsafe' })
  })

  it('refuses a Redis that drops used links when it is full', async () => {
    const cache = ['--appendonly', 'yes', '--maxmemory', '64mb', '--maxmemory-policy']
    await expect(openWith(...cache, 'allkeys-lru')).rejects.toMatchObject({
      reason: 'store_unsafe',
    })
  })

  it('takes the Redis of docker-compose.yml', async () => {
    const compose = readFileSync(join(__dirname, '..', 'docker-compose.yml'), 'utf8')
    const [, settings = ''] = /command: redis-server (.+)/.exec(compose) ?? []
    expect(await openWith(...settings.split(' '))).toBe(true)
  })

  it('takes the Redis of the README', async () => {
    const readme = readFileSync(join(__dirname, '..', 'README.md'), 'utf8')
    const [, settings = ''] = / redis-server (.+) --daemonize yes/.exec(readme) ?? []
    expect(await openWith(...settings.split(' '))).toBe(true)
  })
})

describe('the survey as a process', () => {
  it('opens from the links of the other program, and ends when it is asked to', async () => {
    const survey = await runSurvey({})
    try {
      const { code, output } = await runToTheEnd('../src/links.ts', {}, '2')
      expect(code).toBe(0)
      const links = output.trim().split('\n')
      expect(links).toHaveLength(2)
      for (const link of links) {
        const { pathname, search } = new URL(link)
        await answer(survey.origin, pathname + search).expect(303)
        expect(gist(await answer(survey.origin, pathname + search))[0]).toBe(401)
      }
    } finally {
      expect(await survey.stop('SIGTERM')).toBe(0)
    }
    expect(survey.output()).not.toContain('sig=')
  })

  it.each(['../src/main.ts', '../src/links.ts'])(
    'ends at once without a secret: %s',
    async (file) => {
      const { code, output } = await runToTheEnd(file, { SURVEY_SECRET: '' })
      expect(code).toBe(1)
      expect(output).toContain('secret')
    },
  )
})

describe('the links', () => {
  it('are as many as were asked for, all different, each for two weeks', async () => {
    const links = await makeLinks(portal, 3)
    expect(new Set(links).size).toBe(3)
    for (const link of links) {
      expect(link).toMatch(/^http:\/\/localhost:3000\/lantern\/autumn\?sig=/)
      const [payload = ''] = new URL(link).searchParams.get('sig')!.split('.')
      const { exp } = JSON.parse(Buffer.from(payload, 'base64').toString()) as { exp: number }
      expect(Math.round((exp - Date.now()) / 86_400_000)).toBe(14)
    }
  })

  it.each([0, -1, 1.5, NaN, 10_001])('are never %s', async (count) => {
    await expect(makeLinks(portal, count)).rejects.toThrow('How many links?')
  })
})
