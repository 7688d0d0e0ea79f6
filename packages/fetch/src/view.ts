import { ConfigError, type Guard, type RequestView, type ResponseData } from '@countersign/core'
import { takeBody, type Kept } from './body'

export type { AbsentIn, FetchGuardOptions, GuardMode } from './types'

/** The core's view of a Fetch API request. */
export class FetchView<Native> implements RequestView<Native> {
  /** What the application's callbacks receive. */
  readonly native: Native
  private readonly request: Request
  private readonly kept: (() => Kept | undefined) | undefined

  /** @param kept what the framework keeps of a body that was read */
  constructor(request: Request, native: Native, kept?: () => Kept | undefined) {
    this.request = request
    this.native = native
    this.kept = kept
  }

  get method(): string {
    return this.request.method
  }

  get target(): string {
    const { url } = this.request
    return url.slice(url.indexOf('/', url.indexOf('//') + 2))
  }

  get host(): string {
    return this.request.headers.get('host') ?? new URL(this.request.url).host
  }

  /** `Headers` joins the values of a repeated header with a comma and a space. */
  headers(name: string): string[] {
    return this.request.headers.get(name)?.split(', ') ?? []
  }

  body(limit: number): Promise<Uint8Array> {
    return takeBody(this.request, this.kept?.(), limit)
  }
}

/** @throws ConfigError for `stripCredential`, which a Request cannot do: its URL never changes */
export function assertNoStrips({ strips }: Pick<Guard, 'strips'>): void {
  if (strips.length === 0) return
  throw new ConfigError('option_invalid', {
    problem: 'A Request keeps its URL, so `stripCredential` has no effect here',
    fix: 'Leave it out, and pass URLs to `redactUrl` before you log them',
  })
}

/** The response of the core as a `Response`. */
export function toResponse({ status, headers, body }: ResponseData): Response {
  const all = new Headers()
  for (const [name, value] of Object.entries(headers)) {
    for (const each of [value].flat()) all.append(name, each)
  }
  return new Response(body === '' ? null : body, { status, headers: all })
}
