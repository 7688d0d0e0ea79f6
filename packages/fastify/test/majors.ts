import fastify5, { type FastifyInstance } from 'fastify'
import fastify4 from 'fastify4'

export const MAJORS = [
  ['Fastify 4', fastify4],
  ['Fastify 5', fastify5],
] as const

/** A response with its body read. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
  json<Body>(): Body
}

/** Sends requests to an app on a real socket, one after the other, and closes it. */
export async function send(
  app: FastifyInstance,
  ...requests: readonly (readonly [path: string, init?: RequestInit])[]
): Promise<readonly Answer[]> {
  const origin = await app.listen({ port: 0, host: '127.0.0.1' })
  const answers: Answer[] = []
  for (const [path, init] of requests) {
    const response = await fetch(origin + path, { redirect: 'manual', ...init })
    const text = await response.text()
    const headers = Object.fromEntries(response.headers)
    const json = <Body>() => JSON.parse(text) as Body // as the test says
    answers.push({ status: response.status, headers, text, json })
  }
  await app.close()
  return answers
}

/** Sends one request. */
export async function ask(
  app: FastifyInstance,
  path: string,
  init: RequestInit = {},
): Promise<Answer> {
  const [answer] = await send(app, [path, init])
  return answer as Answer // of the one request
}
