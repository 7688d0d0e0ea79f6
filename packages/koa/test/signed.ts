import type Koa from 'koa'
import request, { type Test } from 'supertest'
import { createSigner, fdback, featkit } from '../src'

const NOW = Date.UTC(2026, 10, 20)
export const now = (): number => NOW
export const secret = 'test-secret-of-the-koa-adapter-0001'
export const links = featkit({ slug: 'acme', secret })
export const requests = fdback({ workspaceId: 'ws_demo', secret: `${secret}-2` })

/** The query of a signed link, with its question mark. */
export async function queryFor(id: string, portal: typeof links = links): Promise<string> {
  const { url } = await createSigner(portal, { now }).sign({ id })
  return new URL(url).search
}

/** Sends a signed request. */
export async function post(app: Pick<Koa, 'callback'>): Promise<Awaited<Test>> {
  const { headers, body } = await createSigner(requests, { now }).sign({ email: 'a@b.co' })
  const sent = { ...headers, 'content-type': 'application/json' }
  return request(app.callback()).post('/').set(sent).send(body)
}
