import request from 'supertest'
import type TestAgent from 'supertest/lib/agent'
import type { RunningDemo } from './running-demo'

export type BoardId = 'featkit' | 'seggwat-hmac' | 'seggwat-jwt' | 'fdback'

export const BOARDS: Readonly<Record<BoardId, string>> = {
  featkit: '/featkit/p/lantern',
  'seggwat-hmac': '/seggwat/p/lantern-hmac',
  'seggwat-jwt': '/seggwat/p/lantern-jwt',
  fdback: '/fdback/board',
}

export interface SignedReply {
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** What the app's backend signs for one of its users. */
export async function signFor(
  demo: RunningDemo,
  user: string,
  format: string,
): Promise<SignedReply> {
  const app = await appFor(demo, user)
  const { body } = await app.post(`/sign/${format}`).expect(200)
  return body as SignedReply // what the sign endpoint documents
}

/** The path of a link that the app's laboratory has broken. */
export async function broken(demo: RunningDemo, format: string, how: string): Promise<string> {
  const app = await appFor(demo, 'ada')
  const { body } = await app.post(`/lab/${format}/break/${how}`).expect(200)
  return pathOf(body.sent)
}

async function appFor({ appOrigin }: RunningDemo, user: string): Promise<TestAgent> {
  const app = request.agent(appOrigin)
  await app.post('/session').type('form').send({ user }).expect(303)
  return app
}

/** Comes to a board the documented way, and stays there. */
export async function enter(demo: RunningDemo, user: string, board: BoardId): Promise<TestAgent> {
  const signed = await signFor(demo, user, board)
  const portal = request(demo.portalOrigin)
  const sent = board === 'fdback' ? postSigned(portal, signed) : portal.get(pathOf(signed.url))
  // not kept by the agent: a cookie for frames is `Secure`, which browsers allow for this machine
  return request.agent(demo.portalOrigin).set('Cookie', sessionIn(await sent.expect(303)))
}

/** The session that an answer starts. */
export function sessionIn({ headers }: request.Response): string {
  return headers['set-cookie']![0]!.split(';')[0]!
}

export function postSigned(
  portal: Pick<TestAgent, 'post'>,
  { url, headers = {}, body }: SignedReply,
): request.Test {
  return portal.post(pathOf(url)).set(headers).set('Content-Type', 'application/json').send(body)
}

export function pathOf(url: string): string {
  const { pathname, search } = new URL(url)
  return pathname + search
}

/** What the panel says, under each of its names. */
export function known(page: string): Readonly<Record<string, string>> {
  const rows = page.matchAll(/<dt>(\w+)<\/dt>\s*<dd>([^]*?)<\/dd>/g)
  return Object.fromEntries([...rows].map(([, name, value]) => [name, textOf(value!)]))
}

/** How many votes the requests have, in the order of the page. */
export function votes(page: string): readonly number[] {
  const counts = page.matchAll(/class="vote"[^>]*>(?:\s*<span[^>]*><\/span>)?\s*(\d+)/g)
  return [...counts].map(([, count]) => Number(count))
}

/** The number of the first request on the page. */
export function firstRequest(page: string): string {
  return /id="request-(\d+)"/.exec(page)![1]!
}

/**
 * Answers a survey many times simultaneously.
 * @returns the statuses, in ascending order
 */
export async function answerTogether(urls: readonly string[]): Promise<readonly number[]> {
  const answers = await Promise.all(
    urls.map((url) => request(url).post('').type('form').send({ rating: '5' })),
  )
  return answers.map(({ status }) => status).sort((a, b) => a - b)
}

function textOf(markup: string): string {
  return markup
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
}
