import { failed, succeeded, tellsRejection, type Rule } from '../cases/rules'
import type { PortalFacts } from './diagnosis'

const accepted = ({ response }: PortalFacts): boolean => succeeded(response)
const strangersPass = ({ controls }: PortalFacts): boolean => succeeded(controls.stranger)
const forgeriesPass = ({ controls }: PortalFacts): boolean => succeeded(controls.forged)

/** The answer is one to a refusal, whatever its status says: to nobody and to a forger the same. */
function isSwallowed({ response, controls }: PortalFacts): boolean {
  const { stranger, forged, signed } = controls
  if (tellsRejection(response) && response.text !== signed?.text) return true
  const alike = succeeded(stranger) && succeeded(forged) && stranger?.text === forged?.text
  return alike && succeeded(signed) && signed?.text !== forged?.text
}

type Row = readonly [code: string, means: string, fix: string]

/** What it means that one kind of wrong credential gets through, by the code that was due. */
const byCode: readonly Row[] = [
  [
    'token_replayed',
    'a used credential is accepted again: the store forgets, every process has a store of its own, or the method does not consume',
    'give all processes one `replayStore` (Redis, PostgreSQL), and let `consume` name the method of the route',
  ],
  [
    'token_expired',
    'expired credentials are accepted: the app’s clock stands still or counts in seconds, or something else than the guard verifies',
    'let `now` return what Date.now() does, or leave it out; decode tokens nowhere but in the guard',
  ],
  [
    'audience_mismatch',
    'what was signed for somebody else is accepted: a user of one project gets into all of them',
    'make the app’s portal with its own id, such as `projectKey`',
  ],
  [
    'invalid_token',
    'a credential with a wrong form or signature is accepted: something else than the guard verifies, or changes it on the way',
    'verify nowhere but in the guard, and let the URL, the headers and the body reach it as they were sent',
  ],
  [
    'invalid_request',
    'of two credentials in one request somebody has chosen one: what the guard sees is not what was sent',
    'keep duplicates: parsers, proxies and rewrites must not tidy the query or the headers up',
  ],
]

/** Why what must be refused gets through. */
export const acceptances: readonly Rule<PortalFacts>[] = [
  {
    when: (facts) => accepted(facts) && isSwallowed(facts),
    fault: ({ response }) => ({
      means: `your error handler turned the ${response.due.status} into a ${response.status}: a client takes it for a success`,
      fix: 'answer errors with their `status`: res.status(err.status ?? 500).set(err.headers ?? {})',
    }),
  },
  {
    when: (facts) => accepted(facts) && strangersPass(facts) && failed(facts.controls.forged),
    fault: () => ({
      means: 'the guard runs in optional mode: whoever sends nothing gets in',
      fix: 'leave out `mode: "optional"`; if strangers are meant to get in, pass it to the cases as well',
    }),
  },
  {
    when: (facts) => accepted(facts) && strangersPass(facts) && forgeriesPass(facts),
    fault: ({ route }) => ({
      means:
        'the guard does not run on this route: it is mounted behind the handler, on another path or method, or not at all',
      fix: `mount requireSignedUser(portal) on ${route.split('?')[0]} before its handler`,
    }),
  },
  ...byCode.map(([code, means, fix]): Rule<PortalFacts> => ({
    when: (facts) => accepted(facts) && facts.response.due.code === code,
    fault: () => ({ means, fix }),
  })),
  {
    when: accepted,
    fault: ({ response }) => ({
      means: `what must be refused with "${response.due.code}" gets through: something else than the guard decides`,
      fix: 'let nothing but requireSignedUser(portal) decide who gets in, with the options of the documentation',
    }),
  },
]
