import type { Plan } from '../cases/case'
import type { CaseResponse } from '../cases/response'
import { GETS_THROUGH, type Ask, type Stage } from '../cases/stage'
import { claiming } from './claiming'
import { outcomeOf } from './outcome'
import type { World } from './world'

/** Whether the handler sees who is there, where its answer tells. */
export function identityPlans(world: World): readonly Plan[] {
  const { whoami } = world.options
  if (!whoami) return []
  const plans: readonly Plan[] = [
    plan('who-is-it', 'knows who the signed user is', async (stage) => {
      const ask = await world.good()
      return see(world, stage, { ask, who: await idOf(world, ask), what: 'a signed user' })
    }),
    plan('who-is-next', 'knows one signed user from the one before', async (stage) => {
      const line = stage.onOneLine()
      await meet(world, line, world.user)
      return meet(world, line, world.other)
    }),
    plan(
      'who-is-claimed',
      'knows the signed user by nothing that the request says besides',
      async (stage) => {
        const ask = await world.good()
        const claimed = claiming(ask, 'countersign-user-2')
        return see(world, stage, {
          ask: claimed,
          who: await idOf(world, ask),
          what: 'a signed user who says in other ways to be somebody else',
        })
      },
    ),
    plan('who-is-who', 'knows signed users apart who come at the same time', async (stage) => {
      const all = Array.from({ length: 8 }, (_, index) =>
        meet(world, stage, index % 2 === 0 ? world.user : world.other),
      )
      const [first] = await Promise.all(all)
      return first as CaseResponse // of eight
    }),
  ]
  return world.optional ? [...plans, nobody(world)] : plans
}

function plan(id: string, name: string, play: Plan['play']): Plan {
  return { id, name, expect: GETS_THROUGH, play }
}

function nobody(world: World): Plan {
  return plan('who-is-nobody', 'sees nobody where nobody is signed', async (stage) => {
    await stage.pass(await world.good(), 'a signed user')
    return see(world, stage, { ask: world.stranger(), who: null, what: 'nobody' })
  })
}

async function meet(world: World, stage: Stage, who: unknown): Promise<CaseResponse> {
  const ask = await world.good({ who })
  return see(world, stage, { ask, who: await idOf(world, ask), what: 'one of two signed users' })
}

interface Sight {
  readonly ask: Ask
  /** Whom the handler must see. */
  readonly who: string | null
  readonly what: string
}

async function see(
  { options }: World,
  stage: Stage,
  { ask, who, what }: Sight,
): Promise<CaseResponse> {
  const response = await stage.pass(ask, what)
  const seen = options.whoami?.(response) ?? null
  const isThem = seen === who || (typeof seen === 'number' && String(seen) === who)
  if (isThem) return response
  return stage.fault(response, {
    received: seen === null ? 'an answer to nobody' : 'an answer to somebody else',
    means:
      'the handler does not see the user whom the guard let in: ctx.state or req was replaced behind the guard, the user is kept where another request writes too, or an answer is cached',
    fix: 'take the user from getPortalUser(req) or getPortalUser(ctx), in the handler, for each request',
  })
}

/** Whom a right credential names, by the scheme’s own reading. */
async function idOf({ portal, options }: World, ask: Ask): Promise<string | null> {
  const result = await outcomeOf(ask, portal, options)
  if (!result.ok) throw result.error
  return result.value.user.id
}
