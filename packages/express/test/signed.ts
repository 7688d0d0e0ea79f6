import type { Express } from 'express'
import request, { type Test } from 'supertest'
import { createSigner, fdback, featkit } from '../src'

const NOW = Date.UTC(2026, 10, 20)
export const now = (): number => NOW
export const secret = 'test-secret-of-the-express-adapter-1'
export const links = featkit({ slug: 'acme', secret })
export const requests = fdback({ workspaceId: 'ws_demo', secret: `${secret}-2` })

/** The query of a signed link, with its question mark. */
export async function queryFor(id: string, portal: typeof links = links): Promise<string> {
  const { url } = await createSigner(portal, { now }).sign({ id })
  return new URL(url).search
}

/** Sends a signed request. */
export async function post(app: Express, path = '/'): Promise<Awaited<Test>> {
  const { headers, body } = await createSigner(requests, { now }).sign({ email: 'a@b.co' })
  const sent = { ...headers, 'content-type': 'application/json' }
  return request(app).post(path).set(sent).send(body)
}
