import type { CaseResponse, Fault } from '../cases/response'
import {
  explain,
  interventions,
  silences,
  unexplained,
  type Facts,
  type Rule,
} from '../cases/rules'
import { passRules } from './pass-rules'
import { refusalRules } from './refusal-rules'
import type { World } from './world'

/** What is known about a wrong answer of a portal’s route. */
export interface PortalFacts extends Facts {
  readonly world: World
}

/** Why an answer is not what is due. */
export function diagnose(world: World, response: CaseResponse): Fault {
  const { controls } = response
  const facts = { world, response, controls, route: world.kind.route }
  const rules = response.due.code === null ? passing : refusing
  return explain(rules, facts)
}

/** Where a body has to be there to the byte. */
const eaten: Rule<PortalFacts> = {
  when: ({ world, response }) => world.signsBody && response.code === 'server_error',
  fault: () => ({
    means:
      'a body parser, such as express.json(), ran before the guard and kept no bytes; or the guard’s options cannot work (the log tells)',
    fix: 'mount the guard before the parser, or let it keep the bytes: express.json({ verify: keepRawBody })',
  }),
}

const passing: readonly Rule<PortalFacts>[] = [
  ...silences,
  eaten,
  ...passRules,
  ...interventions,
  unexplained,
]

const refusing: readonly Rule<PortalFacts>[] = [
  ...silences,
  eaten,
  ...refusalRules,
  ...interventions,
  unexplained,
]
