import { ConfigError } from '@countersign/core'

export function cannotStrip(): ConfigError {
  return invalid(
    'Fastify keeps the URL of a request, so `stripCredential` has no effect here',
    'Leave it out, and pass URLs to `redactUrl` before you log them',
  )
}

/**
 * Fastify has called a hook with an instance.
 * @param hook as its route has it
 */
export function hookAsPlugin(hook: string, otherwise = ''): ConfigError {
  const problem = `${hook.replace(/\(.*/, '()')} returns a hook, and was registered as a plugin`
  return invalid(problem, `Use it as \`{ onRequest: ${hook} }\` of a route${otherwise}`)
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
