import { askToSign, TIMEOUT } from './ask-to-sign'
import { PortalError } from './portal-error'

/** What the user reads. */
export interface EmbedTexts {
  readonly loading: string
  readonly retry: string
  /** The portal has said that the signed URL expired, and the user was at work in it. */
  readonly expired: string
  readonly signed_out: string
  readonly network: string
}

/** How a portal is embedded. */
export interface EmbedOptions {
  /** Names the frame, for screen readers. */
  readonly title: string
  /** How long the sign endpoint, and then the portal, may take, in milliseconds. @default 30000 */
  readonly timeout?: number | undefined
  /** @default English */
  readonly texts?: Partial<EmbedTexts> | undefined
  /** Called for each failure, which the user sees, too. */
  readonly onError?: ((error: PortalError) => void) | undefined
}

/** An embedded portal. */
export interface Embedded {
  /** Removes the frame and every listener. */
  remove(): void
}

const TEXTS: EmbedTexts = {
  loading: 'Loading…',
  retry: 'Try again',
  expired: 'This page has expired.',
  signed_out: 'You are signed out.',
  network: 'This page could not be loaded.',
}

/** Without `allow-top-navigation`: the portal cannot replace this page. */
const SANDBOX =
  'allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox allow-downloads'

/** What a portal's page posts to its parent: `parent.postMessage('countersign:expired', '*')`. */
const EXPIRED = 'countersign:expired'

/**
 * Shows the portal in an iframe, with a text while it loads and a button after a failure. Signs again
 * when the portal says that its URL expired, or when the tab comes back after that; but never
 * reloads by itself a frame in which the user has been.
 * @param element is emptied, and gets the frame
 * @param signUrl the application's sign endpoint, with `?embed`
 */
export function embedPortal(
  element: HTMLElement,
  signUrl: string,
  options: EmbedOptions,
): Embedded {
  return new Embed(element, signUrl, options)
}

class Embed implements Embedded {
  readonly #element: HTMLElement
  readonly #signUrl: string
  readonly #options: EmbedOptions
  readonly #listening = new AbortController()
  #frame: HTMLIFrameElement | undefined
  #expiresAt = Infinity
  /** The user has been in the frame. */
  #isTouched = false
  /** It was signed again because the portal said so; a second time the user decides. */
  #isRenewed = false
  #attempt: AbortController | undefined

  constructor(element: HTMLElement, signUrl: string, options: EmbedOptions) {
    this.#element = element
    this.#signUrl = signUrl
    this.#options = options
    const { signal } = this.#listening
    window.addEventListener('blur', () => setTimeout(() => this.#noteTouch()), { signal }) // Firefox moves the focus after it
    window.addEventListener('message', ({ source, data }) => this.#hear(source, data), { signal })
    document.addEventListener('visibilitychange', () => this.#look(), { signal })
    void this.#show()
  }

  remove(): void {
    this.#listening.abort()
    this.#clear()
  }

  async #show(): Promise<void> {
    this.#clear()
    const attempt = (this.#attempt = new AbortController())
    const timer = setTimeout(() => attempt.abort(), this.#options.timeout ?? TIMEOUT)
    const status = this.#say('status', 'loading')
    try {
      const { url, expiresAt } = await askToSign(this.#signUrl, attempt.signal)
      if (this.#attempt !== attempt) return
      this.#expiresAt = expiresAt ?? Infinity
      await this.#load(url, attempt.signal)
      status.remove()
    } catch (error) {
      if (this.#attempt === attempt) this.#fail(error as PortalError) // the only kind that is thrown
    } finally {
      clearTimeout(timer)
    }
  }

  #clear(): void {
    const attempt = this.#attempt
    this.#attempt = this.#frame = undefined
    this.#isTouched = false
    attempt?.abort()
    this.#element.replaceChildren()
  }

  /** The frame has the focus, or has had it. */
  #noteTouch(): boolean {
    return (this.#isTouched ||= this.#frame !== undefined && document.activeElement === this.#frame)
  }

  /** A message that the portal's page has posted. */
  #hear(source: MessageEventSource | null, data: unknown): void {
    if (data !== EXPIRED || !this.#frame || source !== this.#frame.contentWindow) return
    if (this.#noteTouch() || this.#isRenewed) return this.#offer('expired')
    this.#isRenewed = true
    void this.#show()
  }

  /** The tab has been shown or hidden. */
  #look(): void {
    const isStale = this.#frame && Date.now() >= this.#expiresAt
    if (isStale && !document.hidden && !this.#noteTouch()) void this.#show()
  }

  #load(url: string, signal: AbortSignal): Promise<void> {
    const frame = document.createElement('iframe')
    frame.title = this.#options.title
    frame.setAttribute('sandbox', SANDBOX)
    frame.referrerPolicy = 'no-referrer'
    frame.src = url
    return new Promise((resolve, reject) => {
      frame.onload = () => resolve()
      signal.onabort = () => reject(new PortalError('network'))
      this.#element.append((this.#frame = frame))
    })
  }

  #fail(error: PortalError): void {
    this.#clear()
    this.#offer(error.code as keyof EmbedTexts) // the others are of tabs
    this.#options.onError?.(error)
  }

  /** Says what is wrong, above the frame if there is one, with a button that begins again. */
  #offer(problem: keyof EmbedTexts): void {
    if (this.#element.querySelector('[role=alert]')) return
    const button = document.createElement('button')
    button.type = 'button'
    button.textContent = this.#text('retry')
    button.onclick = () => {
      this.#isRenewed = false
      void this.#show()
    }
    this.#say('alert', problem).after(button)
  }

  #say(role: 'status' | 'alert', text: keyof EmbedTexts): HTMLElement {
    const line = document.createElement('p')
    line.setAttribute('role', role)
    line.textContent = this.#text(text)
    this.#element.prepend(line)
    return line
  }

  #text(name: keyof EmbedTexts): string {
    return this.#options.texts?.[name] ?? TEXTS[name]
  }
}
