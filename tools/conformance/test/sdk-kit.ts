import { fdback, type Portal } from '@countersign/express'
import type { SignedLoginData } from '@fdback.io/sdk'
import {
  FORM_TYPE,
  greet,
  guard,
  JSON_TYPE,
  NODE_FRAMEWORKS,
  running,
  SECRET,
  sendRaw,
  type RawAnswer,
  type RawHeader,
} from '../src'
import type { Page, SubmittedForm } from './sdk-browser'
import { call } from './signing'

const workspaceId = 'ws_demo'
export const workspace = { workspaceId, workspaceSecret: SECRET.fdback }
/** Where fdback's client sends everything. */
export const LOGIN = '/api/auth/sdk-login'

export interface User {
  readonly email: string
  readonly name?: string | null
  readonly avatar?: string | null
}

export const FULL = {
  email: 'ada@example.com',
  name: 'Ada',
  avatar: 'https://example.com/a.png?s=64&d=x#y',
}
/** Users whose characters `btoa` accepts. */
export const latin1: readonly (User & { name?: string; avatar?: string })[] = [
  FULL,
  { email: 'ada@example.com' },
  { email: "o'neil+tag@example.com", name: '"quoted" \\ / & = % + ; </script>' },
  { email: 'josé@example.com', name: 'José Ñandú' },
]
export const beyondLatin1: typeof latin1 = [
  { email: 'yuki@例え.jp', name: '山田 雪' },
  { email: 'zoe@example.com', name: 'Zoë 👩‍👩‍👧 😀' },
  { email: 'a@example.com', name: 'a\u2028b\u2029c' },
]
export const everyone: typeof latin1 = [...latin1, ...beyondLatin1]

/** One is enough: the catalogue has the same credentials on each. */
export const framework = NODE_FRAMEWORKS.find(({ name }) => name === 'Express 5')!

export function portal(): Portal {
  return fdback({ workspaceId, secret: SECRET.fdback })
}

/** Lets `work` send to a portal of ours. */
export function atPortal<Result>(work: (port: number) => Promise<Result>): Promise<Result> {
  return running(framework, [guard(portal()), greet], work)
}

/** The reply of our own sign endpoint. */
export async function replyOf(user: User): Promise<SignedLoginData> {
  const { body } = await call(framework, portal(), { user: () => user })
  return JSON.parse(body) as SignedLoginData // whether it is one is tested
}

export function postHeaders(port: number, signed: SignedLoginData): Promise<RawAnswer> {
  const headers: RawHeader[] = [JSON_TYPE, ...Object.entries(signed.headers)]
  return sendRaw(port, { method: 'POST', target: LOGIN, headers, body: signed.body })
}

/** The form that the client's `open()` submits. */
export function formOf(
  { sdk, forms }: Page,
  signed: SignedLoginData,
  mode: 'popup' | 'tab' | 'redirect' = 'popup',
): SubmittedForm {
  const before = forms.length
  new sdk.Fdback({ workspaceId }).open(signed, { mode })
  expect(forms).toHaveLength(before + 1)
  return forms.at(-1) as SubmittedForm // there is one more than before
}

/** Sends a form to its own path, as a browser does. */
export function postForm(port: number, { action, fields }: SubmittedForm): Promise<RawAnswer> {
  const { pathname } = new URL(action)
  const body = new URLSearchParams(fields.map(([name, value]) => [name, value])).toString()
  return sendRaw(port, { method: 'POST', target: pathname, headers: [FORM_TYPE], body })
}

export function expectUser(answer: RawAnswer, { email, name = null, avatar = null }: User): void {
  const user = { scheme: 'fdback', id: email, email, name, avatar }
  expect([answer.status, JSON.parse(answer.body)]).toEqual([200, { user }])
}

export function expectRefused(answer: RawAnswer): void {
  expect([answer.status, JSON.parse(answer.body)]).toMatchObject([401, { code: 'invalid_token' }])
}
