// Runs against the built application, whose address is in `ORIGIN`: `node --test`.
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
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

/** The claims of a JWT, once its signature matches. */
function claimsOf(token, key) {
  const [input, signature] = [/^.*(?=\.)/, /[^.]*$/].map((part) => part.exec(token)[0])
  assert.equal(signature, createHmac('sha256', key).update(input).digest('base64url'))
  return JSON.parse(Buffer.from(input.split('.')[1], 'base64url').toString())
}

test('a visitor whom Canny sends goes back signed in', async () => {
  const back = 'https://lantern.canny.io/ideas'
  const signed = await get(`/canny/login?companyID=lantern&redirect=${back}`, COOKIE)
  const { origin, searchParams } = new URL(signed.headers.get('location'))
  assert.deepEqual([origin, searchParams.get('redirect')], ['https://canny.io', back])
  const { id, email } = claimsOf(searchParams.get('ssoToken'), process.env.CANNY_SECRET)
  assert.deepEqual([id, email], ['7', 'ada@example.com'])
  const elsewhere = await get('/canny/login?redirect=https://evil.example', COOKIE)
  assert.equal(elsewhere.status, 400)
})

test('the page gets a JWT for Intercom', async () => {
  const request = { method: 'POST', headers: { cookie: COOKIE } }
  const { value } = await (await fetch(`${ORIGIN}/api/intercom`, request)).json()
  assert.equal(claimsOf(value, process.env.INTERCOM_SECRET).user_id, '7')
  assert.equal((await fetch(`${ORIGIN}/api/intercom`, { method: 'POST' })).status, 401)
})
