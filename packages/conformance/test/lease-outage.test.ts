import type { RequestHandler } from 'express'
import type { Middleware } from 'koa'
import type { VerifierOptions } from '@countersign/core'
import { onExpress, onKoa, until, type Site } from './lease-kit'

/** The same story on every framework: the store breaks while the handler works. */
interface Story {
  readonly answer: 'success' | 'failure' | 'stream'
  readonly trouble: 'fail' | 'hush'
  readonly guard?: VerifierOptions<unknown>
}

type Told = <Result>(story: Story, work: (site: Site) => Promise<Result>) => Promise<Result>

function expressStory(major: 4 | 5): Told {
  return ({ answer, trouble, guard = {} }, work) => {
    let breakStore!: () => void
    const first: RequestHandler = (_req, res) => {
      breakStore()
      if (answer === 'stream') res.write('one')
      if (answer === 'stream') res.end('two')
      else res.status(answer === 'success' ? 200 : 500).json({})
    }
    return onExpress({ major, first, guard }, (site) => {
      breakStore = site.store[trouble]
      return work(site)
    })
  }
}

function koaStory(major: 2 | 3): Told {
  return ({ answer, trouble, guard = {} }, work) => {
    let breakStore!: () => void
    const first: Middleware = (ctx) => {
      breakStore()
      ctx.status = answer === 'failure' ? 500 : 200
      ctx.body = answer === 'stream' ? new Blob(['onetwo']).stream() : {}
    }
    return onKoa({ major, first, guard }, (site) => {
      breakStore = site.store[trouble]
      return work(site)
    })
  }
}

const frameworks: readonly (readonly [string, Told])[] = [
  ['Express 4', expressStory(4)],
  ['Express 5', expressStory(5)],
  ['Koa 2', koaStory(2)],
  ['Koa 3', koaStory(3)],
]

const troubles = ['fail', 'hush'] as const
const answers = ['success', 'stream'] as const
const cases = frameworks.flatMap(([name, tell]) =>
  troubles.flatMap((trouble) =>
    answers
      .filter((answer) => answer === 'success' || name !== 'Koa 2') // which sends no web streams
      .map((answer) => [name, trouble, answer, tell] as const),
  ),
)

describe('a store that breaks while the handler works', () => {
  it.each(cases)(
    'does not keep the answer from the client, nor the link from being used up: %s, %s, %s',
    async (_name, trouble, answer, tell) => {
      await tell(
        { answer, trouble, guard: { storeDeadline: 0.1 } },
        async ({ use, outcome, elsewhere, store }) => {
          const { status, body } = await use()
          expect([status, body]).toEqual([200, answer === 'success' ? '{}' : 'onetwo'])
          expect(await outcome()).toBe('401 token_replayed') // this process knows
          expect(await elsewhere()).toBe('503 store_unavailable') // nobody else can
          store.heal()
          expect(await until(elsewhere, '409 nonce_in_progress')).toBe('401 token_replayed')
          expect(await outcome()).toBe('401 token_replayed')
        },
      )
    },
  )

  it.each(
    frameworks.flatMap(([name, tell]) => troubles.map((each) => [name, each, tell] as const)),
  )(
    'does not keep a failure from the client, and the link is free when its lease is over: %s, %s',
    async (_name, trouble, tell) => {
      const guard = { consume: { lease: 0.1 }, storeDeadline: 0.02 }
      await tell({ answer: 'failure', trouble, guard }, async ({ use, outcome, store }) => {
        expect((await use()).status).toBe(500)
        expect(store.ended).toEqual(['release'])
        store.heal()
        expect(await until(outcome, '409 nonce_in_progress')).toBe('200')
      })
    },
  )

  it.each(frameworks)('lets nobody in who comes while it is down: %s', async (_name, tell) => {
    const story = { answer: 'success', trouble: 'fail' } as const
    await tell(story, async ({ use, outcome, store }) => {
      store.fail()
      const { status, headers } = await use()
      expect(status).toBe(503)
      expect(headers).toMatchObject({ 'retry-after': '1' })
      store.hush()
      expect(await outcome()).toBe('503 store_unavailable')
      store.heal()
      expect(await outcome()).toBe('200')
    })
  })
})
