import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { JSDOM, VirtualConsole, type DOMWindow } from 'jsdom'
import type { Fdback, openFeedbackBoard, widget } from '@fdback.io/sdk'
import { NOW } from '../src'

/** fdback's client as its script tag provides it to a page. */
export interface PageSdk {
  readonly Fdback: typeof Fdback
  readonly openFeedbackBoard: typeof openFeedbackBoard
  readonly widget: typeof widget
}

/** A form as it was submitted. */
export interface SubmittedForm {
  readonly method: string
  readonly action: string
  readonly type: string
  readonly fields: readonly (readonly [name: string, value: string])[]
}

export interface Page {
  readonly window: DOMWindow
  readonly sdk: PageSdk
  /** Forms that were submitted: jsdom itself sends nothing. */
  readonly forms: readonly SubmittedForm[]
  /** What the client wrote to the console. */
  readonly console: readonly string[]
  /** Settles when every `fetch` of the page so far has a response. */
  answered(): Promise<unknown>
  close(): void
}

const script = readFileSync(
  join(dirname(require.resolve('@fdback.io/sdk')), 'index.iife.js'),
  'utf8',
)

/** A page with fdback's own script on it, at the clock of the samples. */
export function openPage(url: string): Page {
  const lines: string[] = []
  const virtualConsole = new VirtualConsole()
  for (const level of ['error', 'warn', 'debug'] as const) {
    virtualConsole.on(level, (...args: unknown[]) => void lines.push(args.map(String).join(' ')))
  }
  const options = { url, runScripts: 'outside-only', resources: 'usable', virtualConsole } as const
  const { window } = new JSDOM('<!doctype html><body></body>', options)
  const forms = keepForms(window)
  window.Date.now = () => NOW
  const calls: Promise<Response>[] = []
  Object.assign(window, { fetch: browserFetch(url, calls), open: () => null })
  const sdk = window.eval(`${script}\n;FdbackSDK`) as PageSdk // the name that the script defines
  const answered = (): Promise<unknown> => Promise.all(calls)
  return { window, sdk, forms, console: lines, answered, close: () => window.close() }
}

function keepForms(window: DOMWindow): readonly SubmittedForm[] {
  const forms: SubmittedForm[] = []
  window.HTMLFormElement.prototype.submit = function submit(this: HTMLFormElement) {
    const entries = new window.FormData(this).entries()
    const fields = [...entries] as [string, string][] // the client's form has no files
    forms.push({ method: this.method, action: this.action, type: this.enctype, fields })
  }
  return forms
}

/** Adds the headers that a browser adds. */
function browserFetch(page: string, calls: Promise<Response>[]): typeof fetch {
  return (input, init) => {
    const target = new URL(input as string, page) // the client calls it with text
    const { origin } = new URL(page)
    const site = target.origin === origin ? 'same-origin' : 'cross-site'
    const headers = { ...(init?.headers as object), origin, 'sec-fetch-site': site }
    const call = fetch(target, { ...init, headers })
    calls.push(call)
    return call
  }
}
