import {
  createSigner,
  fdback,
  featkit,
  harlyy,
  seggwat,
  type InputOf,
  type Portal,
} from '@countersign/express'
import type { RawHeader, RawRequest } from './raw-client'

/** The clock of the samples, in milliseconds since the epoch. */
export const NOW: number = Date.UTC(2026, 10, 20, 12)
export const now = (): number => NOW

export const SECRET: Readonly<Record<'featkit' | 'seggwat' | 'harlyy' | 'fdback', string>> = {
  featkit: 'featkit-signing-secret-of-these-tests',
  seggwat: 'seggwat-signing-secret-of-these-tests',
  harlyy: 'harlyy-signing-secret-of-these-tests',
  fdback: 'fdback-signing-secret-of-these-tests',
}

type Portals = Readonly<{
  featkit: ReturnType<typeof featkit>
  seggwat: ReturnType<typeof seggwat>
  jwt: ReturnType<typeof seggwat>
  harlyy: ReturnType<typeof harlyy>
  fdback: ReturnType<typeof fdback>
}>

/** Portals that share nothing with those of another test. */
export function portals(): Portals {
  return {
    featkit: featkit({ slug: 'acme', secret: SECRET.featkit }),
    seggwat: seggwat({ projectKey: 'abc123', secret: SECRET.seggwat }),
    jwt: seggwat({ projectKey: 'abc123', secret: SECRET.seggwat, mode: 'jwt' }),
    harlyy: harlyy({ businessId: 'acme', surveyId: 'q1', secret: SECRET.harlyy }),
    fdback: fdback({ workspaceId: 'ws_demo', secret: SECRET.fdback }),
  }
}

export const ADA: Readonly<Record<'id' | 'email' | 'name', string>> = {
  id: 'u-1',
  email: 'ada@example.com',
  name: 'Ada',
}

/** The query of a signed link: `token=…` or `sig=…`. */
export async function queryOf<P extends Portal>(portal: P, user: InputOf<P>): Promise<string> {
  const { url } = await createSigner(portal, { now }).sign(user)
  return url.slice(url.indexOf('?') + 1)
}

/** The query of a FeatKit link. */
export function featkitQuery(): Promise<string> {
  return queryOf(portals().featkit, ADA)
}

/** The query of a Harlyy link, valid once. */
export function harlyyQuery(): Promise<string> {
  return queryOf(portals().harlyy, {})
}

export interface SignedPost {
  readonly headers: readonly RawHeader[]
  readonly body: string
}

/** The headers and the body of a fdback request. */
export async function fdbackPost(name: string = ADA.name): Promise<SignedPost> {
  const user = { email: ADA.email, name }
  const { headers, body } = await createSigner(portals().fdback, { now }).sign(user)
  return { headers: Object.entries(headers), body }
}

/** A whole fdback request. */
export type PostRequest = Omit<RawRequest, 'body'> & SignedPost

/** A fdback request as a script sends it. */
export async function jsonPost(target = '/'): Promise<PostRequest> {
  const { headers, body } = await fdbackPost()
  return { method: 'POST', target, headers: [...headers, JSON_TYPE], body }
}

/** The same signed data as a form, as fdback's own client sends it. */
export async function formPost(target = '/'): Promise<PostRequest> {
  const { headers, body } = await fdbackPost()
  const [workspace = '', timestamp = '', signature = ''] = headers.map(([, value]) => value)
  const fields = new URLSearchParams({
    _workspaceId: workspace,
    _timestamp: timestamp,
    _signature: signature,
    ...(JSON.parse(body) as Record<string, string>),
  })
  return { method: 'POST', target, headers: [FORM_TYPE], body: fields.toString() }
}

export const JSON_TYPE: RawHeader = ['Content-Type', 'application/json']
export const FORM_TYPE: RawHeader = ['Content-Type', 'application/x-www-form-urlencoded']
