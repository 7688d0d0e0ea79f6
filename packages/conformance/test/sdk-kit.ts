import { fdback, type Portal } from '@countersign/express'
import type { SignedLoginData } from '@fdback.io/sdk'
import { sendRaw, type RawAnswer, type RawHeader } from '../src'
import { guard, greet, running, type Framework } from './transport-frameworks'
import { FORM_TYPE, JSON_TYPE, SECRET } from './transport-kit'
import { outcome, signing, type AnyOptions } from './sign-endpoint-kit'
import type { Page, SubmittedForm } from './sdk-browser'

export const workspace = { workspaceId: 'ws_demo', workspaceSecret: SECRET.fdback }
/** Where fdback's client sends everything. */
export const LOGIN = '/api/auth/sdk-login'

export interface User {
  readonly email: string
  readonly name?: string
  readonly avatar?: string
}

export const FULL: User = {
  email: 'ada@example.com',
  name: 'Ada',
  avatar: 'https://example.com/a.png?s=64&d=x#y',
}
export const users: readonly User[] = [
  FULL,
  { email: 'ada@example.com' },
  { email: 'ada@example.com', name: 'Ada Lovelace' },
  { email: "o'neil+tag@example.com", name: '"quoted" \\ / & = % + ; </script>' },
  { email: 'ada@example.com', name: '' },
  { email: 'josé@example.com', name: 'José Ñandú' },
]
/** Users whose names hold characters that `btoa` cannot take. */
export const beyondLatin1: readonly User[] = [
  { email: 'yuki@例え.jp', name: '山田 雪' },
  { email: 'zoe@example.com', name: 'Zoë 👩‍👩‍👧 😀' },
  { email: 'a@example.com', name: 'a\u2028b\u2029c' },
]
export const everyone: readonly User[] = [...users, ...beyondLatin1]

export function portal(): Portal {
  const { workspaceId, workspaceSecret: secret } = workspace
  return fdback({ workspaceId, secret })
}

/** Lets `work` talk to a portal of ours. */
export function atPortal<Result>(
  framework: Framework,
  work: (port: number) => Promise<Result>,
): Promise<Result> {
  return running(framework, [guard(portal()), greet], work)
}

/** What our own sign endpoint answers. */
export function replyOf(framework: Framework, options: AnyOptions): Promise<SignedLoginData> {
  return running(framework, [signing(portal(), options)], async (port) => {
    const { body } = await sendRaw(port, { method: 'POST', target: '/api/sign' })
    return JSON.parse(body) as SignedLoginData // the vendor's type is the claim under test
  })
}

export function postHeaders(port: number, signed: SignedLoginData): Promise<RawAnswer> {
  const headers: RawHeader[] = [JSON_TYPE, ...Object.entries(signed.headers)]
  return sendRaw(port, { method: 'POST', target: LOGIN, headers, body: signed.body })
}

/** The form that the client's `open()` makes of what was signed. */
export function formOf(
  { sdk, forms }: Page,
  signed: SignedLoginData,
  mode: 'popup' | 'tab' | 'redirect' = 'popup',
): SubmittedForm {
  const before = forms.length
  const { workspaceId } = workspace
  new sdk.Fdback({ workspaceId }).open(signed, { mode })
  expect(forms).toHaveLength(before + 1)
  return forms.at(-1) as SubmittedForm // there is one more than before
}

/** As a browser posts it: urlencoded, to the form's own address. */
export function postForm(port: number, { action, fields }: SubmittedForm): Promise<RawAnswer> {
  const { pathname } = new URL(action)
  const body = new URLSearchParams(fields.map(([name, value]) => [name, value])).toString()
  return sendRaw(port, { method: 'POST', target: pathname, headers: [FORM_TYPE], body })
}

export function expectUser(answer: RawAnswer, { email, name = null, avatar = null }: Read): void {
  expect(outcome(answer)).toBe('200')
  const user = { scheme: 'fdback', id: email, email, name, avatar }
  expect(JSON.parse(answer.body)).toEqual({ user })
}

interface Read {
  readonly email: string
  readonly name?: string | null
  readonly avatar?: string | null
}
