import { mint, signedLink, testSecret } from '@countersign/testing'
import { fdback, featkit, harlyy } from '../src'

export const links = featkit({ slug: 'acme', secret: testSecret('links') })
export const requests = fdback({ workspaceId: 'ws_demo', secret: testSecret('requests') })
export const surveys = harlyy({ businessId: 'acme', surveyId: 'q1', secret: testSecret('surveys') })

export const HOST = 'https://portal.example'

/** A request with a signed link in its URL. */
export async function linked(init: RequestInit = {}): Promise<Request> {
  return new Request(HOST + (await signedLink(links, { id: 'u-1' })), init)
}

/** A signed request, with the signed body unless another is given. */
export async function posted(init: RequestInit = {}): Promise<Request> {
  const { method, headers, body } = (await mint(requests, { email: 'a@b.co' })).request
  const all = new Headers(init.headers)
  for (const [name, value] of headers) all.set(name, value)
  return new Request(HOST, { method, body: Buffer.from(body!), ...init, headers: all })
}
