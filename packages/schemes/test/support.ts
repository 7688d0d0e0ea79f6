import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import {
  createSigner,
  createVerifier,
  isRejection,
  type Portal,
  type RequestView,
  type Signed,
  type SignOptions,
  type VerifierOptions,
} from '@countersign/core'

export const SECRET = 'schemes-test-secret-0123456789abcdef'
/** Tuesday, 2026-09-08, not on a full second. */
export const NOW = 1_789_000_000_123

/** What `sign` gives for a user of any shape, also of one that TypeScript would refuse. */
export function sign(
  portal: Portal,
  user: unknown,
  { now = NOW, ...options }: SignOptions & { readonly now?: number } = {},
): Promise<Signed> {
  const signer = createSigner(portal, { now: () => now })
  return signer.sign(user as never, options) // the point is what happens without the types
}

/** The verdict on a request in words: the user, or the code of the refusal. */
export async function verify(
  portal: Portal,
  request: RequestView,
  { at = NOW, ...options }: VerifierOptions & { readonly at?: number } = {},
): Promise<unknown> {
  const result = await createVerifier(portal, { now: () => at, ...options }).verify(request)
  return result.ok ? result.value.user : result.error.code
}

/** What `sign` gave, on its way as the portal's documentation says. */
export function sent({
  url,
  headers,
  body,
}: Pick<Signed, 'url' | 'headers' | 'body'>): RequestView {
  const { pathname, search } = new URL(url)
  return view(headers ? 'POST' : 'GET', pathname + search, { headers, body })
}

/** A link with this credential. */
export function link(parameter: string, credential: string): RequestView {
  return view('GET', `/?${parameter}=${encodeURIComponent(credential)}`)
}

export interface Parts {
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly body?: string | undefined
}

export function view(
  method: string,
  target: string,
  { headers = {}, body = '' }: Parts = {},
): RequestView {
  return {
    method,
    target,
    headers: (name) => (headers[name] === undefined ? [] : [headers[name]]),
    body: () => Buffer.from(body, 'utf8'),
    native: {},
  }
}

/** The JSON inside a credential of two segments or three. */
export function textOf(token: string | undefined): string {
  const segments = (token ?? '').split('.')
  return Buffer.from(segments.at(-2) ?? '', 'base64url').toString('utf8') // reads both alphabets
}

/** The code with which signing was refused; `undefined` where it was not. */
export async function refusal(signing: Promise<unknown>): Promise<string | undefined> {
  try {
    await signing
    return undefined
  } catch (error) {
    if (isRejection(error)) return error.code
    throw error
  }
}

/** Public test data beside the repository; `undefined`, and said aloud, where it is not there. */
export function publicVectors(name: string): unknown {
  const path = resolve(__dirname, '../../../../shared/vectors', name)
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')) as unknown
  console.warn(`SKIPPED: ../shared/vectors/${name} is not beside the repository`)
  return undefined
}
