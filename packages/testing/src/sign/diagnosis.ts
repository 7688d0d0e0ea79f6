import type { CaseResponse, Fault } from '../cases/response'
import {
  explain,
  interventions,
  noRoute,
  silences,
  tellsRejection,
  unexplained,
  type Facts,
  type Rule,
} from '../cases/rules'
import type { SignWorld } from './world'

/** Why an endpoint’s answer is not what is due. */
export function diagnose(world: SignWorld, response: CaseResponse): Fault {
  const facts = { response, controls: response.controls, route: world.kind.route }
  const rules = response.due.code === null ? passRules : refusalRules
  return explain([...silences, ...rules, ...interventions, unexplained], facts)
}

type Row = readonly [code: string, means: string, fix: string]

const byRefusal: readonly Row[] = [
  [
    'unauthenticated',
    'the endpoint takes somebody who is signed in for nobody: their session is not there yet, or `asUser` does not make it one',
    'mount the session before the endpoint, and let `asUser` send what a browser of theirs sends; for fdback they must have an e-mail address',
  ],
  [
    'csrf_rejected',
    'the app’s own page is taken for another site: something in front changes `Host`, `Origin` or `Sec-Fetch-Site`',
    'keep those headers; where the frontend has an origin of its own, name it in `allowedOrigins`',
  ],
  [
    'user_invalid',
    'whom `user` answers with cannot be signed: an id, an e-mail address or a name is not what the portal takes',
    'see what the scheme wants of a user; onRejected has the detail',
  ],
  [
    'user_unavailable',
    '`user` failed or took too long',
    'look into the app’s log for what it threw',
  ],
  [
    'method_not_allowed',
    'the endpoint does not answer this method: a signed request is made with POST only',
    'pass the `method` that the frontend uses',
  ],
]

const passRules: readonly Rule[] = [
  ...byRefusal.map(([code, means, fix]): Rule => ({
    when: ({ response }) => response.code === code,
    fault: () => ({ means, fix }),
  })),
  { when: ({ response }) => isMissing(response), fault: noRoute },
  {
    when: ({ response }) => response.status === 401,
    fault: () => ({
      means: 'something in front of the endpoint asks for a login that `asUser` does not bring',
      fix: 'let `asUser` send what a browser of somebody who is signed in sends',
    }),
  },
  {
    when: ({ response }) => response.status >= 500 && response.code === null,
    fault: () => ({
      means: 'the endpoint, or what runs before it, fails for somebody who is signed in',
      fix: 'look into the app’s log for what was thrown',
    }),
  },
  {
    when: ({ response }) => response.status >= 200 && response.status < 400,
    fault: ({ response }) => ({
      means: `the endpoint answers ${response.status}, which is not what it was asked for`,
      fix: 'mount signEndpoint(portal, …) as it is; with `respond: "redirect"`, pass that to the cases',
    }),
  },
]

const byAcceptance: readonly Row[] = [
  [
    'unauthenticated',
    'the endpoint signs whoever calls: `user` finds somebody where nobody is signed in, or takes from the request who that is',
    'let `user` read the app’s own session and nothing else, and answer null for nobody',
  ],
  [
    'csrf_rejected',
    'a page of another site can have its visitors signed, with their cookies: nothing looks at `Sec-Fetch-Site` and `Origin`',
    'mount signEndpoint(portal, …) as it is, behind proxies that keep both headers; name trusted origins in `allowedOrigins`',
  ],
]

const succeeded = ({ response }: Facts): boolean => response.status >= 200 && response.status < 400

const refusalRules: readonly Rule[] = [
  {
    when: (facts) => succeeded(facts) && tellsRejection(facts.response),
    fault: ({ response }) => ({
      means: `your error handler turned the ${response.due.status} into a ${response.status}: a client takes it for a success`,
      fix: 'leave the endpoint’s answers as they are',
    }),
  },
  ...byAcceptance.map(([code, means, fix]): Rule => ({
    when: (facts) => succeeded(facts) && facts.response.due.code === code,
    fault: () => ({ means, fix }),
  })),
  {
    when: ({ response, controls }) => isMissing(response) && isMissing(controls.signed),
    fault: noRoute,
  },
  {
    when: ({ response }) => response.status === response.due.status && response.code === null,
    fault: () => ({
      means:
        'the status is right and the code is gone: something in front has refused, or an error handler has rewritten the answer',
      fix: 'leave the endpoint’s answers as they are, or pass `codes: false` if the app has a format of its own',
    }),
  },
]

function isMissing(response: CaseResponse | undefined): boolean {
  return response?.status === 404 || response?.status === 405
}
