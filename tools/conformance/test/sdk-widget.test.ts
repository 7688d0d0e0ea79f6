import type { SignedLoginData } from '@fdback.io/sdk'
import { greet, guard, NOW, running, signing, type AnyOptions, type Step } from '../src'
import { quiet } from './quiet'
import { openPage, type Page } from './sdk-browser'
import {
  expectUser,
  formOf,
  framework,
  FULL,
  portal,
  postForm,
  postHeaders,
  workspace,
} from './sdk-kit'

quiet()

/** The page that the widget shows in its iframe. */
const widgetPage: Step = {
  express: () => (req, res, next) =>
    req.path.startsWith('/widget/') ? void res.type('html').send('<p>widget</p>') : next(),
  koa: () => (_ctx, next) => next(),
}

interface Message {
  readonly type: string
  readonly signedData?: SignedLoginData
}

/** An application with fdback's widget on its page, and the portal that the widget calls. */
interface Scene {
  readonly page: Page
  readonly portalPort: number
  /** The messages that the widget's iframe received, up to one of this type. */
  messagesUntil(type: string): Promise<readonly Message[]>
}

/** Starts the application and the portal, lets `work` use them, and stops them. */
async function withWidget(
  options: AnyOptions,
  work: (scene: Scene) => Promise<void>,
): Promise<void> {
  await running(framework, [signing(portal(), options)], (appPort) =>
    running(framework, [widgetPage, guard(portal()), greet], async (portalPort) => {
      const page = openPage(`http://127.0.0.1:${appPort}/`)
      try {
        const messagesUntil = await startWidget(page, `http://127.0.0.1:${portalPort}`)
        await work({ page, portalPort, messagesUntil })
      } finally {
        page.close()
      }
    }),
  )
}

async function startWidget(page: Page, baseUrl: string): Promise<Scene['messagesUntil']> {
  const { workspaceId } = workspace
  page.sdk.widget.init({ workspaceId, baseUrl, mode: 'full', signEndpoint: '/api/sign' })
  const frame = await loadedFrame(page)
  const messagesUntil = inbox(frame)
  const ready = { data: { type: 'fdback:ready' }, origin: baseUrl }
  page.window.dispatchEvent(new page.window.MessageEvent('message', ready))
  return messagesUntil
}

async function loadedFrame({ window }: Page): Promise<Window> {
  const frame = window.document.querySelector('iframe')
  if (!frame) throw new Error('The widget has made no iframe')
  await new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }))
  return frame.contentWindow as Window // a frame in a document has one
}

function inbox(frame: Window): Scene['messagesUntil'] {
  const messages: Message[] = []
  let arrived = (): void => {}
  frame.addEventListener('message', ({ data }) => {
    messages.push(data as Message) // what the widget posts has a type
    arrived()
  })
  return async (type) => {
    while (!messages.some((message) => message.type === type)) {
      await new Promise<void>((resolve) => (arrived = resolve))
    }
    return messages
  }
}

let clock: jest.SpyInstance
beforeEach(() => {
  clock = jest.spyOn(Date, 'now').mockReturnValue(NOW)
})
afterEach(() => clock.mockRestore())

describe("a sign endpoint and fdback's own widget", () => {
  it('provides what the widget passes to its iframe, and the portal accepts it', async () => {
    await withWidget({ user: () => FULL }, async ({ page, portalPort, messagesUntil }) => {
      const messages = await messagesUntil('fdback:authenticate')
      const { signedData } = messages.at(-1) ?? {}
      if (!signedData) throw new Error('The widget passed nothing on')
      expect(Object.keys(signedData)).toEqual(['url', 'headers', 'body', 'expiresAt'])
      expectUser(await postHeaders(portalPort, signedData), FULL)
      expectUser(await postForm(portalPort, formOf(page, signedData)), FULL)
      expect(page.console).toEqual([])
    })
  })

  it('leaves a visitor of the widget anonymous where no user is signed in', async () => {
    await withWidget({ user: () => null }, async ({ page, messagesUntil }) => {
      await page.answered()
      page.sdk.widget.setTab('roadmap')
      const messages = await messagesUntil('fdback:setTab')
      expect(messages.map(({ type }) => type)).toEqual(['fdback:init', 'fdback:setTab'])
      expect(page.console.join()).toContain('continuing as anonymous')
    })
  })
})
