import express from 'express'
import express4 from 'express4'
import request from 'supertest'
import { exchangeSignedUser } from '../src'
import { links, now, queryFor } from './signed'

it.each([
  ['Express 4', express4],
  ['Express 5', express],
])('exchangeSignedUser() on %s keeps the cookies of earlier middleware', async (_name, make) => {
  const app = make()
  app.use((_req, res, next) => {
    res.setHeader('set-cookie', 'csrf=1')
    next()
  })
  const establish = () => ({ cookies: ['session=2', 'hint=3'] })
  app.use('/board', exchangeSignedUser(links, { now, establish }))
  const response = await request(app).get(`/board${await queryFor('u1')}`)
  expect([response.status, response.headers['location']]).toEqual([303, '/board'])
  expect(response.headers['set-cookie']).toEqual(['csrf=1', 'session=2', 'hint=3'])
})
