import { admitting, type Plan } from '../cases/case'
import { allText, type CaseResponse } from '../cases/response'
import type { Ask, Stage } from '../cases/stage'
import { verify } from '../minting/view'
import { claimingToBe } from './exceptions'
import type { World } from './world'

/** Whether the app sees the right user. */
export function identityPlans(world: World): readonly Plan[] {
  const { options, optional, user, other, valid, anonymous } = world
  if (!options.whoami) return [ownAnswer(world)]
  return [
    admitting('who-is-it', 'knows who the signed user is', (stage) => meet(world, stage, user)),
    admitting('who-is-next', 'distinguishes two signed users on one connection', async (stage) => {
      const line = stage.inLine()
      await meet(world, line, user)
      return meet(world, line, other)
    }),
    admitting('who-is-claimed', 'knows the signed user by the credential alone', async (stage) => {
      const ask = await valid()
      const claiming = claimingToBe(ask, 'countersign-user-2')
      const response = await stage.pass(claiming, 'a signed user who names another user')
      return see(world, stage, response, await idOf(world, ask))
    }),
    admitting('who-is-who', 'distinguishes signed users at the same time', async (stage) => {
      const users = [user, other, user, other, user, other, user, other]
      const all = await Promise.all(users.map((who) => meet(world, stage, who)))
      return all[0] as CaseResponse // of eight
    }),
    ...(optional
      ? [
          admitting('who-is-anonymous', 'sees no user without a credential', async (stage) => {
            await stage.pass(await valid(), 'a signed user')
            return see(world, stage, await stage.pass(anonymous(), 'no credential'), null)
          }),
        ]
      : []),
    ownAnswer(world),
  ]
}

async function meet(world: World, stage: Stage, who: unknown): Promise<CaseResponse> {
  const ask = await world.valid({ who })
  return see(world, stage, await stage.pass(ask, 'one of two signed users'), await idOf(world, ask))
}

function see({ options }: World, stage: Stage, response: CaseResponse, who: string | null) {
  const seen = options.whoami?.(response) ?? null
  if (seen === who || (typeof seen === 'number' && String(seen) === who)) return response
  return stage.fault(response, {
    received: seen === null ? 'an answer that names no user' : 'an answer for another user',
    severity: seen === null ? 'a broken promise' : 'a way in',
    tells:
      'the handler does not see the user that the guard let in: ctx.state or req was replaced after the guard, the user is read from the request or kept where another request writes it, or an answer was cached → read the user from getPortalUser(req) or getPortalUser(ctx), in the handler, for each request',
  })
}

/** The user that a valid credential names, by the scheme's own reading. */
async function idOf({ portal, options }: World, ask: Ask): Promise<string | null> {
  const result = await verify(ask, portal, options)
  if (!result.ok) throw result.error
  return result.value.user.id
}

/** An answer that a cache, or a variable, kept for the user before. */
function ownAnswer({ user, other, valid }: World): Plan {
  const theirs = distinguishing(other)
  const mine = distinguishing(user).filter((text) => !theirs.includes(text))
  return admitting('own-answer', 'gives a signed user no answer of another user', async (stage) => {
    await stage.pass(await valid(), 'a signed user')
    const response = await stage.pass(await valid({ who: other }), 'another signed user')
    const told = allText(response)
    if (!mine.some((text) => told.includes(text))) return response
    return stage.fault(response, {
      received: 'an answer that names the user before',
      severity: 'a way in',
      tells:
        'an answer for one user is given to the next: a cache keeps it, or the user is kept between requests → cache no answer behind the guard by its path alone, and keep nothing about a user outside of the request',
    })
  })
}

/** Texts of a user that are too long to be in an answer by chance. */
export function distinguishing(user: unknown): readonly string[] {
  const all = Object.values(user as object) // any input is an object
  return all.filter((value): value is string => typeof value === 'string' && value.length >= 8)
}
