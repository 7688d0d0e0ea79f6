// Runs against the built application, whose address is in `ORIGIN`: `node --test`.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSigner, featkit } from '@countersign/fetch'

const { ORIGIN, COOKIE, FEATKIT_SECRET: secret } = process.env
const get = (path, cookie = '') => fetch(ORIGIN + path, { headers: { cookie }, redirect: 'manual' })

/** The text of the board. */
async function board(cookie) {
  const page = await (await get('/board', cookie)).text()
  return /<main>(.*?)<\/main>/.exec(page)?.[1]
}

test('a signed link opens a session of the board, whose page names the user', async () => {
  const signed = await get('/feedback', COOKIE)
  const { search } = new URL(signed.headers.get('location'))
  const entered = await get(`/board${search}`)
  assert.deepEqual([entered.status, entered.headers.get('location')], [303, '/board'])
  const [cookie] = entered.headers.get('set-cookie').split(';')
  assert.equal(await board(cookie), 'Welcome, Ada')
  assert.equal(await board(`${cookie}0`), 'Open the board from your app.')
})

test('a visitor without a link gets the page without a user', async () => {
  assert.equal(await board(''), 'Open the board from your app.')
})

test('a link with another signature is refused in front of the page', async () => {
  const other = featkit({ slug: 'lantern', secret: `${secret}-of-another` })
  const { url } = await createSigner(other).sign({ id: '8' })
  const refused = await get(`/board${new URL(url).search}`)
  assert.equal(refused.status, 401)
  assert.equal(refused.headers.get('set-cookie'), null)
})
