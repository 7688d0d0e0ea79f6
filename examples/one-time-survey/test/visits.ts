import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createSigner } from '@countersign/express'
import { testSecret } from '@countersign/testing'
import type { Express } from 'express'
import request, { type Response, type Test } from 'supertest'
import type { App } from 'supertest/types'
import { surveyPortal } from '../src/survey'

export const SECRET = testSecret('survey')

export const portal = surveyPortal({ SURVEY_SECRET: SECRET })

export const GOOD = { rating: '4', remark: 'Warm and bright' }

/** A fresh link as its visitors ask for it: path and query. */
export async function newLink(options: { readonly nonce?: string } = {}): Promise<string> {
  const { url } = await createSigner(portal).sign({}, options)
  return url.slice(new URL(url).origin.length)
}

export function open(app: App, link: string): Test {
  return request(app).get(link)
}

export function answer(app: App, link: string, form: string | object = GOOD): Test {
  return request(app).post(link).type('form').send(form)
}

/** What a page says first, and its status. */
export function gist({ status, text }: Response): [status: number, title: string | undefined] {
  return [status, /<h1>(.*?)<\/h1>/.exec(text)?.[1]]
}

/** What a look at the link says; false while an answer is on its way. */
export async function whenSettled(
  app: App,
  link: string,
): Promise<ReturnType<typeof gist> | false> {
  const look = await open(app, link)
  return look.status !== 409 && gist(look)
}

/** Sends an answer over a connection of its own. @returns what breaks that, and waits until the app knows */
export async function answerAndLeave(
  app: Express,
  link: string,
  form: Readonly<Record<string, string>>,
): Promise<() => Promise<void>> {
  const server = createServer(app).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // it listens on a port
  const body = new URLSearchParams(form)
  const leaving = new AbortController()
  const sent = fetch(`http://127.0.0.1:${port}${link}`, {
    method: 'POST',
    body,
    signal: leaving.signal,
  })
  return async () => {
    leaving.abort()
    await sent.catch(() => undefined)
    server.close() // waits for the last connection
    await once(server, 'close')
  }
}
