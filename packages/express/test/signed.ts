import type { Express } from 'express'
import request from 'supertest'
import { createSigner, fdback, featkit } from '../src'

const NOW = Date.UTC(2026, 10, 20)
export const now = (): number => NOW
export const secret = 'a-secret-of-these-tests-32-bytes-long'
export const links = featkit({ slug: 'acme', secret })
export const posts = fdback({ workspaceId: 'ws_demo', secret: `${secret}-2` })

export async function queryFor(id: string): Promise<string> {
  const { url } = await createSigner(links, { now }).sign({ id })
  return url.slice(url.indexOf('?'))
}

export async function post(app: Express, path = '/') {
  const { headers = {}, body = '' } = await createSigner(posts, { now }).sign({ email: 'a@b.test' })
  return request(app).post(path).set(headers).type('application/json').send(body)
}
