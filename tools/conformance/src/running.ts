import type { GuardOptions, Portal, UserOf } from '@countersign/core'
import type { Framework, Step } from './frameworks'
import { sendRaw, type RawAnswer, type RawRequest } from './raw-client'
import { greet, guard } from './steps'

/** Starts an app, lets `work` send to it, and stops it. */
export async function running<Result>(
  framework: Framework,
  steps: readonly Step[],
  work: (port: number) => Promise<Result>,
): Promise<Result> {
  const server = await framework.serve(steps)
  try {
    return await work(server.port)
  } finally {
    await server.close()
  }
}

/** Starts an app for a single request. */
export function ask(
  framework: Framework,
  steps: readonly Step[],
  request: RawRequest,
): Promise<RawAnswer> {
  return running(framework, steps, (port) => sendRaw(port, request))
}

/**
 * Sends requests to one guarded app, one after the other.
 * @returns for each the status and, for a refusal, its private code
 */
export async function outcomesOf<P extends Portal>(
  framework: Framework,
  portal: P | readonly P[],
  options: GuardOptions<UserOf<P>, unknown>,
  requests: readonly RawRequest[],
): Promise<readonly string[]> {
  const codes: string[] = []
  const guarded = guard(portal, { ...options, onRejected: ({ code }) => codes.push(code) })
  return running(framework, [guarded, greet], async (port) => {
    const outcomes: string[] = []
    for (const request of requests) {
      const { status } = await sendRaw(port, request)
      outcomes.push([status, ...codes.splice(0)].join(' '))
    }
    return outcomes
  })
}

/** The public `code` of a refusal. */
export function publicCode({ body }: RawAnswer): string {
  return (JSON.parse(body) as { code: string }).code
}
