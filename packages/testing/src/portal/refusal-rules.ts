import { failed, noRoute, succeeded, type Rule } from '../cases/rules'
import type { PortalFacts } from './diagnosis'
import { acceptances } from './acceptance-rules'

/** Why what must be refused is not refused as it must be. */
export const refusalRules: readonly Rule<PortalFacts>[] = [
  ...acceptances,
  {
    when: ({ response, controls }) =>
      isMissing(response.status) && isMissing(controls.signed?.status),
    fault: noRoute,
  },
  {
    when: ({ response, controls }) => isMissing(response.status) && succeeded(controls.signed),
    fault: ({ response }) => ({
      means: `your error handler, or the lack of one, turned the ${response.due.status} into a ${response.status}`,
      fix: 'answer errors with their `status` and `headers`, or leave `rejections` at "respond"',
    }),
  },
  {
    when: ({ response, world }) =>
      response.status === response.due.status && world.kind.codes && response.code === null,
    fault: () => ({
      means:
        'the status is right and the code is gone: an error handler has rewritten the answer, or something in front has refused before the guard',
      fix: 'leave `rejections` at "respond", or pass `codes: false` if the app has a format of its own',
    }),
  },
  {
    when: ({ response, controls }) =>
      response.code !== null && failed(controls.signed) && response.code === controls.signed?.code,
    fault: ({ response }) => ({
      means: `every credential is refused with "${response.code}", right ones too: the app and the cases do not share secret, ids or clock`,
      fix: 'see first to the case of the signed user: the others follow',
    }),
  },
  {
    when: ({ response }) => response.code === 'credential_missing',
    fault: () => ({
      means:
        'the guard saw no credential at all: something in front takes the query or the headers away, or tidies them up',
      fix: 'see that parsers, proxies and rewrites keep the URL and the headers as they came',
    }),
  },
  {
    when: ({ response }) => response.status === response.due.status && response.code !== null,
    fault: ({ response }) => ({
      means: `it is refused for another reason than the one that counts: "${response.code}" for "${response.due.code}"`,
      fix: 'leave the order of checks to the guard: form, signature, claims, time, audience, use. A request that was changed on the way is refused for the change',
    }),
  },
  {
    when: ({ response }) => response.status >= 500 && response.code === null,
    fault: ({ response }) => ({
      means: `your error handler turned the ${response.due.status} into a ${response.status}, or what runs before the guard fails`,
      fix: 'answer errors with their `status` and `headers`, or leave `rejections` at "respond"',
    }),
  },
  {
    when: ({ response }) =>
      [400, 411, 413, 414, 415, 422, 431].includes(response.status) && response.code === null,
    fault: () => ({
      means: 'a parser or a check of the app’s own answered before the guard could',
      fix: 'mount the guard first: what nobody has signed need not be parsed',
    }),
  },
]

function isMissing(status: number | undefined): boolean {
  return status === 404 || status === 405
}
