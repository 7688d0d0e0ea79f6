// Jest cannot load what Fastify 5 injects with
import fastify4 from 'fastify4'
import { requireSignedUser, signEndpoint } from '../src'
import { links, now, post, requests } from './signed'

it('says how the hook and the plugin are used where one is taken for the other', async () => {
  const registered = fastify4().register(requireSignedUser(links) as never)
  await expect(registered.ready()).rejects.toThrow('returns a hook, and was registered as a plugin')
  const handler = signEndpoint(links, { user: () => null }) as never
  const errors: unknown[] = []
  const app = fastify4().get('/', handler)
  app.setErrorHandler((error, _request, reply) => (errors.push(error), reply.code(500).send()))
  await app.inject('/')
  expect(String(errors)).toContain('returns a plugin, and was used as a handler')
})

it('reads the body of an injected request, which no parser has made', async () => {
  const app = fastify4().post(
    '/',
    { onRequest: requireSignedUser(requests, { now }) },
    async (request) => request.portalUser,
  )
  const { method, headers, body } = await post()
  const response = await app.inject({ method, url: '/', headers, payload: body })
  expect([response.statusCode, response.json()]).toMatchObject([200, { id: 'a@b.co' }])
})
