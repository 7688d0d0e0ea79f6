import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { memoryReplayStore } from '@countersign/core'
import { DEFECTS, mint, portalCases, replayStoreCases, signedLink } from '@countersign/testing'
import { createBoard } from '../app.js'
import { portal } from '../portal.js'

const now = () => Date.UTC(2030, 0, 1)
const ada = { id: 42, name: 'Ada' }

describe('the board', () => {
  const board = createBoard(portal, { now })
  let origin

  before(async () => {
    await once(board.listen(0, '127.0.0.1'), 'listening')
    origin = `http://127.0.0.1:${board.address().port}`
  })
  after(() => board.close())

  const cases = portalCases(portal, '/board', { now, whoami: ({ text }) => text })
  for (const each of cases) it(each.name, () => each.run(board))

  it('lets Ada in who comes by the base URL', () => cases[0].run(origin))

  it('knows Ada by her link', async () => {
    const answer = await fetch(origin + (await signedLink(portal, ada, { path: '/board', now })))
    assert.deepEqual([answer.status, await answer.text()], [200, '42'])
  })

  it('does not know who comes too late', async () => {
    const { request, expect } = await mint(portal, ada, { defect: 'expired', now })
    const answer = await fetch(`${origin}/board?${request.query}`)
    assert.deepEqual({ status: answer.status, code: (await answer.json()).code }, expect)
    assert.equal(expect, DEFECTS.expired.expect)
  })
})

describe('the memory of used links', () => {
  for (const { name, run } of replayStoreCases(memoryReplayStore, { leases: true })) it(name, run)
})

describe('the cases themselves', () => {
  it('find a server that asks nobody who they are', async () => {
    const open = createServer((req, res) => res.end('anybody'))
    const stranger = portalCases(portal, '/board', { now }).find(({ id }) => id === 'missing')
    await assert.rejects(() => stranger.run(open), /the guard does not run on this route/)
  })
})
