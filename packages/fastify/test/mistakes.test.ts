import fastify4 from 'fastify4'
import { requireSignedUser, signEndpoint } from '../src'
import { links } from './signed'

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
