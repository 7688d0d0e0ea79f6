import type { Portal } from '@countersign/core'
import { fdback, featkit, harlyy, seggwat } from '@countersign/core/schemes'
import { PATH, readData, type Expected } from './catalogue'
import type { FrontOptions } from './front'
import { fdbackDeliveries, type Delivery, type FdbackReply } from './fdback-deliveries'

/** A credential that the portal's own published sample code made. */
export interface DocumentedCase {
  readonly id: string
  /** The language of the sample. */
  readonly signedBy: string
  portal(): Portal
  readonly options: FrontOptions
  readonly deliveries: readonly Delivery[]
  /** What was signed, as the portal's user. */
  readonly user: object
  /** When it ends, in milliseconds since the epoch. */
  readonly endsAt: number
}

interface Common {
  readonly id: string
  readonly secret: string
  readonly signedBy: string
  readonly nowMs: number
  readonly expected: Expected
}

interface Person {
  readonly id: string
  readonly email: string | null
  readonly name: string | null
}

type Documented =
  | (Common & { readonly scheme: 'featkit'; readonly user: Person; readonly url: string })
  | (Common & {
      readonly scheme: 'seggwat-hmac' | 'seggwat-jwt'
      readonly user: Person & { readonly subscription_id: string | null }
      readonly projectKey: string
      readonly token: string
    })
  | (Common & {
      readonly scheme: 'harlyy'
      readonly nonce: string
      readonly exp: number
      readonly sig: string
    })
  | (Common & {
      readonly scheme: 'fdback'
      readonly user: Omit<Person, 'id'> & { readonly avatar: string | null }
      readonly workspaceId: string
      readonly response: FdbackReply
    })

/** Everything that the samples signed. */
export const documentedCases: readonly DocumentedCase[] = readData<Documented[]>(
  'signed-by-the-docs.json',
).map((raw) => ({
  id: raw.id,
  signedBy: raw.signedBy,
  options: { now: () => raw.nowMs },
  ...readCase(raw),
}))

type Read = Pick<DocumentedCase, 'portal' | 'deliveries' | 'user' | 'endsAt'>

function readCase(raw: Documented): Read {
  if (raw.scheme === 'featkit') return fromFeatKit(raw)
  if (raw.scheme === 'harlyy') return fromHarlyy(raw)
  return raw.scheme === 'fdback' ? fromFdback(raw) : fromSeggWat(raw)
}

function fromFeatKit({ secret, url, user, expected }: Documented & { scheme: 'featkit' }): Read {
  const { id, email, name } = user
  return {
    portal: () => featkit({ secret }),
    deliveries: [{ by: 'link', request: { target: PATH + new URL(url).search }, expected }],
    user: { scheme: 'featkit', id, email, name },
    endsAt: claimIn(url.split('token=')[1], 'expires') * 1000,
  }
}

/** The samples sign no name. */
function fromSeggWat(raw: Documented & { scheme: 'seggwat-hmac' | 'seggwat-jwt' }): Read {
  const { secret, projectKey, scheme, token, expected } = raw
  const { id, email, subscription_id: subscriptionId } = raw.user
  const mode = scheme === 'seggwat-jwt' ? 'jwt' : 'hmac'
  return {
    portal: () => seggwat({ secret, projectKey, mode }),
    deliveries: [{ by: 'link', request: { target: `${PATH}?token=${token}` }, expected }],
    user: { scheme: 'seggwat', id, email, name: null, subscriptionId },
    endsAt: claimIn(mode === 'jwt' ? token.slice(token.indexOf('.') + 1) : token, 'exp') * 1000,
  }
}

function fromHarlyy({
  secret,
  nonce,
  exp,
  sig,
  expected,
}: Documented & { scheme: 'harlyy' }): Read {
  const request = { method: 'POST', target: `${PATH}?sig=${sig}` }
  return {
    portal: () => harlyy({ secret }),
    deliveries: [{ by: 'link', request, expected }],
    user: { scheme: 'harlyy', id: null, email: null, name: null, nonce },
    endsAt: exp,
  }
}

function fromFdback(raw: Documented & { scheme: 'fdback' }): Read {
  const { secret, workspaceId, user, response, expected } = raw
  return {
    portal: () => fdback({ secret, workspaceId }),
    deliveries: fdbackDeliveries(response, expected),
    user: { scheme: 'fdback', id: user.email, ...user },
    endsAt: Number(response.headers['x-timestamp']) + 300_000, // `expiresAt` is not signed
  }
}

/** A number in the payload that a token begins with. */
function claimIn(token: string | undefined, name: string): number {
  const payload = Buffer.from(token?.split('.')[0] ?? '', 'base64').toString('utf8')
  return (JSON.parse(payload) as Readonly<Record<string, number>>)[name] ?? NaN
}
