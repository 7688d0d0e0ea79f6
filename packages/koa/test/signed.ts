import { signed, signedLink, testSecret } from '@countersign/testing'
import type Koa from 'koa'
import request from 'supertest'
import { fdback, featkit } from '../src'

const NOW = Date.UTC(2026, 10, 20)
export const now = (): number => NOW
export const secret = testSecret('links')
export const links = featkit({ slug: 'acme', secret })
export const posts = fdback({ workspaceId: 'ws_demo', secret: testSecret('posts') })

/** The query of a signed link. */
export const queryFor = (id: string) => signedLink(links, { id }, { now, path: '' })

export const post = (app: Pick<Koa, 'callback'>) =>
  signed(request(app.callback()).post('/'), posts, { email: 'a@b.test' }, { now })
