import { REJECTIONS } from '@countersign/core'
import type { CaseResponse, Controls, Fault } from './response'

/** What is known about an answer that is not what is due. */
export interface Facts {
  readonly response: CaseResponse
  readonly controls: Controls
  readonly route: string
}

/** One explanation. */
export interface Rule<Known extends Facts = Facts> {
  readonly when: (facts: Known) => boolean
  readonly fault: (facts: Known) => Fault
}

/** The first explanation that fits. The last rule fits always. */
export function explain<Known extends Facts>(rules: readonly Rule<Known>[], facts: Known): Fault {
  const rule = rules.find(({ when }) => when(facts)) as Rule<Known> // the last fits always
  return rule.fault(facts)
}

export function succeeded(response: CaseResponse | undefined): boolean {
  return response !== undefined && response.status >= 200 && response.status < 300
}

export function failed(response: CaseResponse | undefined): boolean {
  return response !== undefined && (response.status >= 400 || response.status === 0)
}

/** Says in its text what a rejection says: its title, or its code. */
export function tellsRejection({ text }: CaseResponse): boolean {
  return TELLTALES.some((telltale) => text.includes(telltale))
}

const TELLTALES = [
  ...new Set(
    Object.entries(REJECTIONS).flatMap(([code, { title, publicCode }]) => [
      title,
      code,
      publicCode,
    ]),
  ),
].filter((text) => text.length > 8)

/** Where no answer came. */
export const silences: readonly Rule[] = [
  {
    when: ({ response }) => /within \d+ ms/.test(response.failure ?? ''),
    fault: () => ({
      means:
        'the app never answers: something waits for a body that was read before it, or neither goes on nor answers',
      fix: 'read a body once, and let every middleware call next() or send an answer; a slow app needs a larger `deadline`',
    }),
  },
  {
    when: ({ response }) => /ECONNREFUSED|ENOTFOUND|EAI_AGAIN/.test(response.failure ?? ''),
    fault: () => ({
      means: 'nothing listens at this address',
      fix: 'start the app before its cases run, or pass the app itself',
    }),
  },
  {
    when: ({ response }) => response.failure !== null,
    fault: () => ({
      means:
        'the connection ended without an answer: the app crashed, or something in front hung up',
      fix: 'look into the app’s log for what was thrown',
    }),
  },
]

/** What something other than the guard or the endpoint has answered. */
export const interventions: readonly Rule[] = [
  {
    when: ({ response }) => response.code === 'server_error',
    fault: () => ({
      means:
        'the guard or the endpoint cannot work as it was configured, or its clock does not show milliseconds since 1970',
      fix: 'the app’s log has a ConfigError that names the option; `now` must return what Date.now() does',
    }),
  },
  {
    when: ({ response }) => response.code === 'store_unavailable',
    fault: () => ({
      means: 'the replay store failed, or answered something else than true or false in time',
      fix: 'hold it to replayStoreCases, and see that its database is reachable',
    }),
  },
  {
    when: ({ response }) => response.code === 'secret_unavailable',
    fault: () => ({
      means: 'the function that gives the secret failed, or took too long',
      fix: 'look into the app’s log for what it threw',
    }),
  },
  {
    when: ({ response }) => response.status === 429,
    fault: () => ({
      means: 'a rate limit stands in the way of the cases',
      fix: 'raise it where the suite runs',
    }),
  },
  {
    when: ({ response }) => response.status === 403 && response.code === null,
    fault: () => ({
      means: 'something in front has answered: a CSRF protection, an access list, a firewall',
      fix: 'mount the guard before it, or send what it asks for through `headers`',
    }),
  },
  {
    when: ({ response }) => response.status >= 300 && response.status < 400,
    fault: () => ({
      means:
        'the app answers with a redirect: a script follows it and takes the page for an answer',
      fix: 'let the status through as it is: a login page is for people, not for calls',
    }),
  },
]

export function noRoute({ route, response }: Facts): Fault {
  return {
    means: `the app has no ${response.method} ${route.split('?')[0]}`,
    fix: 'name the route as a client calls it, its prefix included, and its `method`',
  }
}

/** Where nothing else fits. */
export const unexplained: Rule = {
  when: () => true,
  fault: ({ response }) => ({
    means: `something between the client and the handler has made a ${response.status} of it`,
    fix: 'look into what runs before, and after, on this route',
  }),
}
