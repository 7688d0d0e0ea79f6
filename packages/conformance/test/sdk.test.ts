import { Fdback } from '@fdback.io/sdk'
import { sendRaw } from '../src'
import { FRAMEWORKS } from './transport-frameworks'
import { NOW } from './transport-kit'
import { outcome } from './sign-endpoint-kit'
import { openPage, type Page } from './sdk-browser'
import {
  atPortal,
  beyondLatin1,
  everyone,
  expectUser,
  formOf,
  FULL,
  LOGIN,
  postForm,
  postHeaders,
  replyOf,
  users,
  workspace,
} from './sdk-kit'

let page: Page

beforeEach(() => {
  jest.spyOn(Date, 'now').mockReturnValue(NOW)
  page = openPage('https://app.example.com/')
})

afterEach(() => {
  page.close()
  jest.restoreAllMocks()
})

describe.each(FRAMEWORKS)("a portal and fdback's own client, on $name", (framework) => {
  const client = new Fdback(workspace)

  it('(a) accepts what createSignedLoginData signs, as headers and body', async () => {
    await atPortal(framework, async (port) => {
      for (const user of everyone) {
        expectUser(await postHeaders(port, await client.createSignedLoginData(user)), user)
      }
    })
  })

  it('(a) refuses it under another secret, workspace or body', async () => {
    const signed = await client.createSignedLoginData({ email: 'ada@example.com' })
    const stranger = new Fdback({ ...workspace, workspaceSecret: 'x'.repeat(32) })
    const other = await stranger.createSignedLoginData({ email: 'ada@example.com' })
    const elsewhere = { ...signed, headers: { ...signed.headers, 'x-workspace-id': 'ws_else' } }
    const changed = { ...signed, body: signed.body.replace('ada', 'eve') }
    await atPortal(framework, async (port) => {
      for (const wrong of [other, elsewhere, changed]) {
        expect(outcome(await postHeaders(port, wrong))).toBe('401 invalid_token')
      }
    })
  })

  it('(b) accepts the form that open() submits', async () => {
    await atPortal(framework, async (port) => {
      for (const mode of ['popup', 'tab', 'redirect'] as const) {
        for (const user of everyone) {
          const signed = await client.createSignedLoginData(user)
          expectUser(await postForm(port, formOf(page, signed, mode)), user)
        }
      }
    })
  })

  it('(b) submits the documented fields, to the documented address', async () => {
    const signed = await client.createSignedLoginData(FULL)
    const { method, action, type, fields } = formOf(page, signed, 'redirect')
    expect([method, action, type]).toEqual([
      'post',
      `https://app.fdback.io${LOGIN}`,
      'application/x-www-form-urlencoded',
    ])
    const names = ['_workspaceId', '_timestamp', '_signature', 'email', 'name', 'avatar']
    expect(fields.map(([name]) => name)).toEqual(names)
  })

  it('(b) refuses that form when a field was changed, added or taken away', async () => {
    await atPortal(framework, async (port) => {
      const form = formOf(
        page,
        await client.createSignedLoginData({ email: 'ada@example.com', name: 'Ada' }),
        'tab',
      )
      const fields = form.fields.map(([name, value]) => [name, `${value}x`] as const)
      const wrong = fields.map((field, index) => form.fields.with(index, field))
      wrong.push(form.fields.slice(0, -1), [...form.fields, ['avatar', 'https://x.test/a']])
      for (const each of wrong) {
        expect(outcome(await postForm(port, { ...form, fields: each }))).toBe('401 invalid_token')
      }
    })
  })

  it('(b) cannot rebuild from a form that a name was signed as null, and refuses it', async () => {
    const nobody = { email: 'ada@example.com', name: null as unknown as string } // JavaScript may
    const signed = await client.createSignedLoginData(nobody)
    expect(signed.body).toBe('{"email":"ada@example.com","name":null}')
    await atPortal(framework, async (port) => {
      expectUser(await postHeaders(port, signed), { email: 'ada@example.com' })
      expect(outcome(await postForm(port, formOf(page, signed, 'tab')))).toBe('401 invalid_token')
    })
  })

  it('(c) accepts the address that getLoginUrl makes, Latin-1 included', async () => {
    await atPortal(framework, async (port) => {
      for (const user of users) {
        const { pathname, search } = new URL(await client.getLoginUrl(user))
        expect(pathname).toBe(LOGIN)
        expectUser(await sendRaw(port, { target: pathname + search }), user)
      }
    })
  })

  it('(c) is sent no such address beyond Latin-1: there the client itself throws', async () => {
    for (const user of beyondLatin1) {
      await expect(client.getLoginUrl(user)).rejects.toThrow(/Latin1|Invalid character/)
    }
  })

  it('(c) refuses the Latin-1 bytes that could as well be UTF-8: they are read as that', async () => {
    const { pathname, search } = new URL(
      await client.getLoginUrl({ email: 'ada@example.com', name: 'JosÃ©' }),
    )
    await atPortal(framework, async (port) => {
      const answer = await sendRaw(port, { target: pathname + search })
      expect(outcome(answer)).toBe('401 invalid_token')
    })
  })

  it('(e) accepts the form that open() makes of our own reply', async () => {
    await atPortal(framework, async (port) => {
      for (const user of everyone) {
        const reply = await replyOf(framework, { user: () => user })
        expectUser(await postForm(port, formOf(page, reply, 'popup')), user)
        expectUser(await postHeaders(port, reply), user)
      }
    })
  })

  it('(e) is opened until our `expiresAt`, and not after it', async () => {
    const reply = await replyOf(framework, { user: () => FULL })
    page.window.Date.now = () => NOW + 300_000
    formOf(page, reply, 'tab')
    page.window.Date.now = () => NOW + 300_001
    expect(page.sdk.openFeedbackBoard(reply, { mode: 'tab' })).toBeNull()
    expect(page.forms).toHaveLength(1)
    expect(page.console.join()).toContain('expired')
  })
})
