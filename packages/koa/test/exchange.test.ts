import Koa3 from 'koa'
import Koa2 from 'koa2'
import request from 'supertest'
import { exchangeSignedUser } from '../src'
import { links, now, queryFor } from './signed'

it.each([
  ['Koa 2', Koa2],
  ['Koa 3', Koa3],
])('exchangeSignedUser() on %s keeps the cookies of earlier middleware', async (_name, Koa) => {
  const app = new Koa()
  app.use(async (ctx, next) => {
    ctx.set('set-cookie', 'csrf=1')
    await next()
  })
  const establish = () => ({ cookies: ['session=2', 'hint=3'] })
  app.use(exchangeSignedUser(links, { now, establish }))
  const response = await request(app.callback()).get(`/board${await queryFor('u1')}`)
  expect([response.status, response.headers['location']]).toEqual([303, '/board'])
  expect(response.headers['set-cookie']).toEqual(['csrf=1', 'session=2', 'hint=3'])
})
