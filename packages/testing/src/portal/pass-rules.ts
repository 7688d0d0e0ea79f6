import { noRoute, type Rule } from '../cases/rules'
import type { PortalFacts } from './diagnosis'

type Row = readonly [code: string, means: string, fix: string]

/** What a refusal of a right credential tells, by its code. */
const byCode: readonly Row[] = [
  [
    'invalid_token',
    'the app and the portal given to the cases do not share a secret; or they differ in scheme or mode',
    'make both from one configuration: the same secret, the same `mode`, the same workspace',
  ],
  [
    'audience_mismatch',
    'the app’s portal has another key or workspace than the portal given to the cases',
    'give both the same id, such as `projectKey`; with a `tenant` callback, pass `tenant`',
  ],
  [
    'token_expired',
    'the app’s clock is ahead of the cases’: by the hour, or by a factor of a thousand',
    'pass the same `now`, in milliseconds, to the guard and to the cases',
  ],
  [
    'token_not_yet_valid',
    'the app’s clock is behind the cases’',
    'pass the same `now`, in milliseconds, to the guard and to the cases',
  ],
  [
    'lifetime_exceeded',
    'the guard’s `maxLifetime` is below the life of what the cases sign',
    'pass that life as `expiresIn`, in seconds',
  ],
  [
    'credential_missing',
    'the credential does not reach the guard: something in front takes away the query, or the headers',
    'see that proxies and rewrites keep the URL and the headers as they came',
  ],
  [
    'invalid_request',
    'the credential reaches the guard twice: something in front copies a parameter or a header',
    'let one of them through',
  ],
  [
    'token_replayed',
    'a credential that nobody has used counts as used: a look uses it up, or it is used twice on the way',
    'see what else consumes on this route; a store’s `has` must not write',
  ],
  [
    'nonce_in_progress',
    'a credential that nobody uses is on lease',
    'let every answer settle its lease: see that handlers end their answers',
  ],
  [
    'claims_invalid',
    'the guard refuses a claim that the cases sign: its scheme has other rules',
    'make both portals with the same scheme, and pass a `user` that suits it',
  ],
  ['body_too_large', 'the body is larger than a signed body may be', 'pass a smaller `user`'],
  [
    'unsupported_encoding',
    'something in front compresses the body, or says that it does',
    'let signed bodies through as they are',
  ],
]

/** Why a right credential does not get through. */
export const passRules: readonly Rule<PortalFacts>[] = [
  ...byCode.map(([code, means, fix]): Rule<PortalFacts> => ({
    when: ({ response }) => response.code === code,
    fault: () => ({ means, fix }),
  })),
  {
    when: ({ response }) => response.status === 404 || response.status === 405,
    fault: noRoute,
  },
  {
    when: ({ response }) => response.status === 401 && response.code === null,
    fault: () => ({
      means:
        'something in front asks for another login, or an error handler has rewritten the guard’s answer',
      fix: 'let signed users past it, or send what it asks for through `headers`',
    }),
  },
  {
    when: ({ response }) => response.status === 400 || response.status === 422,
    fault: () => ({
      means: 'the request got past the guard, and its body or query is not what the handler wants',
      fix: 'pass what it wants as `body`, or in the route',
    }),
  },
  {
    when: ({ response }) => response.status >= 500 && response.code === null,
    fault: () => ({
      means:
        'what comes behind the guard fails for a signed user: it finds none where it looks (ctx.state replaced, req overwritten), or has a fault of its own',
      fix: 'take the user from getPortalUser(), and leave ctx.state in its place',
    }),
  },
]
