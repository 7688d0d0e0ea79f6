import { Fdback } from '@fdback.io/sdk'
import { NOW, sendRaw } from '../src'
import { quiet } from './quiet'
import { openPage, type Page } from './sdk-browser'
import {
  atPortal,
  beyondLatin1,
  everyone,
  expectRefused,
  expectUser,
  formOf,
  FULL,
  latin1,
  LOGIN,
  postForm,
  postHeaders,
  replyOf,
  workspace,
} from './sdk-kit'

quiet()

let page: Page
let clock: jest.SpyInstance

beforeEach(() => {
  clock = jest.spyOn(Date, 'now').mockReturnValue(NOW)
  page = openPage('https://app.example.com/')
})

afterEach(() => {
  page.close()
  clock.mockRestore()
})

describe("a portal and fdback's own client", () => {
  const client = new Fdback(workspace)

  it('accepts what createSignedLoginData() signs, and only unchanged', async () => {
    await atPortal(async (port) => {
      for (const user of everyone) {
        expectUser(await postHeaders(port, await client.createSignedLoginData(user)), user)
      }
      const signed = await client.createSignedLoginData(FULL)
      const attacker = new Fdback({ ...workspace, workspaceSecret: 'x'.repeat(32) })
      const elsewhere = { ...signed.headers, 'x-workspace-id': 'ws_else' }
      for (const wrong of [
        await attacker.createSignedLoginData(FULL),
        { ...signed, headers: elsewhere },
        { ...signed, body: signed.body.replace('ada', 'eve') },
      ]) {
        expectRefused(await postHeaders(port, wrong))
      }
    })
  })

  it('accepts the form that open() submits, and only unchanged', async () => {
    await atPortal(async (port) => {
      for (const user of everyone) {
        const signed = await client.createSignedLoginData(user)
        for (const mode of ['popup', 'tab', 'redirect'] as const) {
          expectUser(await postForm(port, formOf(page, signed, mode)), user)
        }
      }
      const form = formOf(
        page,
        await client.createSignedLoginData({ email: FULL.email, name: FULL.name }),
      )
      const { fields } = form
      const changed = fields.map(([name, value], index) => fields.with(index, [name, `${value}x`]))
      const wrong = [...changed, fields.slice(0, -1), [...fields, ['avatar', 'https://x.test/a']]]
      for (const each of wrong) {
        expectRefused(await postForm(port, { ...form, fields: each as typeof fields })) // of pairs
      }
    })
  })

  it('refuses the form of a user whose name was signed as null, which a form cannot say', async () => {
    const user = { email: 'ada@example.com', name: null as unknown as string } // JavaScript may
    const signed = await client.createSignedLoginData(user)
    expect(signed.body).toBe('{"email":"ada@example.com","name":null}')
    await atPortal(async (port) => {
      expectUser(await postHeaders(port, signed), { email: 'ada@example.com' })
      expectRefused(await postForm(port, formOf(page, signed)))
    })
  })

  it('accepts the URL that getLoginUrl() makes, up to Latin-1', async () => {
    const send = async (port: number, user: (typeof latin1)[number]) => {
      const { pathname, search } = new URL(await client.getLoginUrl(user))
      expect(pathname).toBe(LOGIN)
      return sendRaw(port, { target: pathname + search })
    }
    await atPortal(async (port) => {
      for (const user of latin1) expectUser(await send(port, user), user)
      // these Latin-1 bytes are also UTF-8, and are read as that
      expectRefused(await send(port, { email: 'ada@example.com', name: 'JosÃ©' }))
    })
    for (const user of beyondLatin1) {
      await expect(client.getLoginUrl(user)).rejects.toThrow(/Latin1|Invalid character/) // the client's own limit
    }
  })

  it('accepts our own reply as headers and as the form that open() submits', async () => {
    await atPortal(async (port) => {
      for (const user of everyone) {
        const reply = await replyOf(user)
        expectUser(await postForm(port, formOf(page, reply)), user)
        expectUser(await postHeaders(port, reply), user)
      }
    })
  })
})

it("fdback's client submits the documented fields to the documented address", async () => {
  const signed = await new Fdback(workspace).createSignedLoginData(FULL)
  const { method, action, type, fields } = formOf(page, signed, 'redirect')
  expect([method, action, type]).toEqual([
    'post',
    `https://app.fdback.io${LOGIN}`,
    'application/x-www-form-urlencoded',
  ])
  const names = ['_workspaceId', '_timestamp', '_signature', 'email', 'name', 'avatar']
  expect(fields.map(([name]) => name)).toEqual(names)
})

it("fdback's client opens our reply until its `expiresAt`, and not after that", async () => {
  const reply = await replyOf(FULL)
  page.window.Date.now = () => NOW + 300_000
  formOf(page, reply, 'tab')
  page.window.Date.now = () => NOW + 300_001
  expect(page.sdk.openFeedbackBoard(reply, { mode: 'tab' })).toBeNull()
  expect(page.forms).toHaveLength(1)
  expect(page.console.join()).toContain('expired')
})
