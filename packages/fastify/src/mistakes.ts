import { ConfigError } from '@countersign/core'

export function cannotStrip(): ConfigError {
  return invalid(
    'Fastify keeps the URL of a request, so `stripCredential` has no effect here',
    'Leave it out, and pass URLs to `redactUrl` before you log them',
  )
}

/** Fastify has called the guard with an instance. */
export function hookAsPlugin(): ConfigError {
  return invalid(
    'requireSignedUser() returns a hook, and was registered as a plugin',
    'Use it as `{ onRequest: requireSignedUser(portal) }` of a route, or register the plugin: app.register(signedUsers, { portal })',
  )
}

/** Fastify has called the endpoint with a request. */
export function pluginAsHandler(): ConfigError {
  return invalid(
    'signEndpoint() returns a plugin, and was used as a handler',
    "Register it: app.register(signEndpoint(portal, { user }), { prefix: '/sign' })",
  )
}

function invalid(problem: string, fix: string): ConfigError {
  return new ConfigError('option_invalid', { problem, fix })
}
