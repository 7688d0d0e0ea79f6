import type { Change } from './mutants'
import type { Format, Mount } from './portals'

/** A mistake in the middleware, and the cases that must find it. */
export interface Mutation extends Change {
  /** Completes the sentence "a middleware that …". */
  readonly name: string
  /** Whose cases are sent. */
  readonly format: Format
  readonly mount: Mount
  readonly caughtBy: readonly string[]
}

/** Separates the format, the file, the text to replace, its replacement and the cases. */
const BAR = ' ¦ '

function rows(mount: Mount, table: Readonly<Record<string, string>>): readonly Mutation[] {
  return Object.entries(table).map(([name, row]) => {
    const [format, file = '', find = '', replace = '', caughtBy = ''] = row.split(BAR)
    return {
      name,
      mount,
      format: format as Format, // as written below
      file,
      find,
      replace,
      caughtBy: caughtBy.split(' '),
    }
  })
}

/** Checks left out or weakened, readers that forgive, uses and answers that went wrong. */
export const mutations: readonly Mutation[] = [
  ...rows('required', {
    'does not check the expiry':
      'seggwat ¦ verify/times.ts ¦ expiresAt !== null && now >= expiresAt ¦ false ¦ expired',
    'gives the expiry a tolerance':
      'featkit ¦ verify/times.ts ¦ now >= expiresAt ¦ now >= expiresAt + clockTolerance ¦ expired',
    'lets a message be valid for ever':
      'fdback ¦ verify/times.ts ¦ now - issuedAt > window ¦ false ¦ expired',
    'does not check the time of issue':
      'jwt ¦ verify/times.ts ¦ > now + clockTolerance ¦ > Infinity ¦ notYetValid notBeforeAhead',
    'accepts any lifetime':
      'featkit ¦ verify/times.ts ¦ lifetime > maxLifetime + clockTolerance ¦ false ¦ lifetimeTooLong',
    'accepts what expires before it was issued':
      'seggwat ¦ verify/times.ts ¦ expiresAt <= issuedAt ¦ false ¦ expiryBeforeIssue',
    'does not compare the audience':
      'jwt ¦ verify/times.ts ¦ claimed === null || claimed === expected ¦ true ¦ wrongAudience',
    'compares the beginnings of signatures':
      'harlyy ¦ keys/key.ts ¦ timingSafeEqual(pair[0], pair[1]) && ours === sent ¦ ours.slice(0, 9) === sent.slice(0, 9) ¦ tamperedSignatureEnd',
    'compares no signatures':
      'fdback ¦ keys/key.ts ¦ timingSafeEqual(pair[0], pair[1]) && ours === sent ¦ true ¦ wrongSecret tampered bodyChanged',
    'compares the low bytes of signatures':
      'featkit ¦ keys/key.ts ¦ timingSafeEqual(pair[0], pair[1]) && ours === sent ¦ timingSafeEqual(pair[0], pair[1]) ¦ lookAlikeSignature',
    'accepts any algorithm in the header of a JWT':
      "jwt ¦ wire/jws.ts ¦ header['alg'] !== 'HS256' ¦ false ¦ algNoneSigned algConfusion",
    'ignores the extensions of a JWT':
      "jwt ¦ wire/jws.ts ¦ name !== 'alg' && name !== 'typ' && name !== 'kid' ¦ false ¦ crit",
    'ignores members that the scheme does not have':
      'harlyy ¦ wire/claims.ts ¦ if (known) refuseUnknown(raw, known, takers) ¦  ¦ unknownMember',
    'accepts "null" as the id of a user':
      'featkit ¦ wire/fields.ts ¦ if (NOT_AN_ID.test(id)) ¦ if (false) ¦ identifierUndefined',
    'takes milliseconds for seconds':
      'seggwat ¦ wire/fields.ts ¦ isTime(raw) && raw < SECONDS_END ¦ isTime(raw) ¦ millisecondsForSeconds',
    'accepts any e-mail address': 'fdback ¦ wire/fields.ts ¦  && EMAIL.test(raw) ¦  ¦ emailInvalid',
    'decodes base64 as Node does':
      'seggwat ¦ wire/bytes.ts ¦ bytes.toString(name) === text ? bytes : undefined ¦ bytes ¦ payloadSpace',
    'takes the last of two parameters':
      'featkit ¦ wire/parameters.ts ¦ if (found !== undefined) ¦ if (false) ¦ duplicateParameter',
    'ignores a parameter in brackets':
      'harlyy ¦ wire/parameters.ts ¦ if (decoded.startsWith(`${name}[`)) ¦ if (false) ¦ bracketedParameter',
    'reads a plus as a space':
      "harlyy ¦ wire/parameters.ts ¦ undefined : percentDecode(sent) ¦ undefined : percentDecode(sent.replaceAll('+', ' ')) ¦ other-links",
    'takes the last of two members':
      'seggwat ¦ wire/json.ts ¦ countQuotes(text) === strings * 2 ¦ true ¦ duplicateMember',
    'ignores a byte order mark':
      "jwt ¦ wire/bytes.ts ¦ if (!text.includes('\\uFFFD')) return text ¦ if (!text.includes('\\uFFFD')) return text.replace('\\uFEFF', '') ¦ bom",
    'repairs what is not UTF-8':
      'featkit ¦ wire/bytes.ts ¦ fatal: true ¦ fatal: false ¦ invalidUtf8',
    'uses a link up when it is opened':
      'harlyy ¦ verify/settings.ts ¦ return !SAFE_METHODS.includes(method) ¦ return true ¦ opened-first',
    'never uses a link up':
      'harlyy ¦ verify/settings.ts ¦ return !SAFE_METHODS.includes(method) ¦ return false ¦ replayed one-winner',
    'remembers all links as one':
      "harlyy ¦ verify/verifier.ts ¦ [claims.nonce ?? ''] ¦ [''] ¦ own-answer connection forged-first",
    'checks whether a link was used, and records it later':
      'harlyy ¦ replay/memory-store.ts ¦       if (entries.live(key)) return false\n      entries.put(key, entry)\n      return true ¦       const held = entries.live(key)\n      return new Promise((resolve) => setTimeout(resolve, 20)).then(() => !held && (entries.put(key, entry), true)) as never ¦ one-winner',
    'lets anyone in where a user is required':
      "featkit ¦ verify/guard.ts ¦ absent && settings.mode === 'optional' ¦ absent ¦ missing ways-around",
    'says 401 and not how to do better':
      "seggwat ¦ rejection.ts ¦ status === 401 ? { 'www-authenticate': 'Bearer' } : {} ¦ {} ¦ refusals",
    'lets caches keep a refusal':
      "featkit ¦ response.ts ¦ ...NOT_FOR_CACHES, ...error.headers ¦ ...error.headers, 'cache-control': 'public, max-age=60' ¦ refusals",
    'lets caches keep a page whose URL has a credential':
      "seggwat ¦ verify/guard.ts ¦ ['cache-control', 'private, no-store'], ¦  ¦ signed-user-private",
  }),
  ...rows('optional', {
    'lets a bad credential in where one is optional':
      "seggwat ¦ verify/guard.ts ¦ absent && settings.mode === 'optional' ¦ settings.mode === 'optional' ¦ wrongSecret expired",
  }),
  ...rows('sign', {
    'signs for the pages of other sites':
      'featkit ¦ sign/sign-endpoint.ts ¦ refuseCrossSite(request, allowedOrigins, isNavigated) ¦  ¦ foreign-pages look-alike-origins',
    'signs a guest where no user is signed in':
      "seggwat ¦ sign/sign-endpoint.ts ¦ const user = await ¦ const user: unknown = { id: 'guest', email: 'guest@example.com' }; await ¦ signed-out signed-in",
    'signs the user that a header names':
      "jwt ¦ sign/sign-endpoint.ts ¦ signer.sign(user, ¦ signer.sign({ ...(user as object), id: request.headers('x-user-id')[0] ?? 7 }, ¦ named",
    'lets a request choose the nonce':
      'harlyy ¦ sign/sign-endpoint.ts ¦ signer.sign(user, { embed, ¦ signer.sign(user, { nonce: /nonce=([^&]*)/.exec(request.target)?.[1], embed, ¦ named',
    'signs with any method':
      'fdback ¦ sign/sign-endpoint.ts ¦ if (!methods.includes(request.method)) ¦ if (false) ¦ other-methods',
    'lets caches keep what was signed':
      "fdback ¦ response.ts ¦   ...NOT_FOR_CACHES,\n  pragma: 'no-cache', ¦  ¦ private",
  }),
]
