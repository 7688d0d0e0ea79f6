import { wayIn, type Fault } from '../cases/finding'
import { allText, type CaseResponse } from '../cases/response'
import type { Stage } from '../cases/stage'
import { verify, type WireRequest } from '../minting/request'
import { claimingToBe } from './ways'
import type { PortalCase, World } from './world'

const OF_ANOTHER: Fault = wayIn(
  'an answer that names the user before',
  'an answer for one user is given to the next: a cache keeps it, or the user is kept between requests → cache no answer behind the guard by its path alone, and keep nothing about a user outside of the request',
)

/** Whether the app sees the right user. */
export const identityCases: readonly PortalCase[] = [
  {
    id: 'who-is-it',
    name: 'knows who the signed user is: by the credential alone, and for each request',
    when: ({ options }) => options.whoami !== undefined,
    async play(stage, world) {
      const { user, other, optional, valid, anonymous } = world
      await meet(stage, world, user)
      await meet(stage, world, other)
      const ask = await valid()
      const claiming = claimingToBe(ask, 'countersign-user-2')
      const response = await stage.pass(claiming, 'a signed user who names another user')
      see(stage, world, response, await idOf(world, ask))
      const many = Array.from({ length: 8 }, (_, at) => meet(stage, world, at % 2 ? other : user))
      await Promise.all(many)
      if (optional) see(stage, world, await stage.pass(anonymous(), 'no credential'), null)
    },
  },
  {
    id: 'own-answer', // a cache, or a variable, may keep the answer for the user before
    name: 'gives no signed user the response of another user',
    async play(stage, { user, other, valid }) {
      const theirs = distinguishing(other)
      const mine = distinguishing(user).filter((text) => !theirs.includes(text))
      await stage.pass(await valid(), 'a signed user')
      const response = await stage.pass(await valid({ who: other }), 'another signed user')
      stage.look(response, mine.some((text) => allText(response).includes(text)) && OF_ANOTHER)
    },
  },
]

async function meet(stage: Stage, world: World, who: unknown): Promise<void> {
  const ask = await world.valid({ who })
  see(stage, world, await stage.pass(ask, 'one of two signed users'), await idOf(world, ask))
}

/** The answer must be for this user. */
function see(stage: Stage, { options }: World, response: CaseResponse, who: string | null): void {
  const seen = options.whoami?.(response) ?? null
  if (seen === who || (typeof seen === 'number' && String(seen) === who)) return
  stage.look(response, {
    received: seen === null ? 'an answer that names no user' : 'an answer for another user',
    severity: seen === null ? 'a broken promise' : 'a way in',
    tells:
      'the handler does not see the user that the guard let in: ctx.state or req was replaced after the guard, the user is read from the request or kept where another request writes it, or an answer was cached → read the user from getPortalUser(req) or getPortalUser(ctx), in the handler, for each request',
  })
}

/** The user that a valid credential names, by the scheme's own reading. */
async function idOf({ portal, options }: World, ask: WireRequest): Promise<string | null> {
  const result = await verify(ask, portal, options)
  if (!result.ok) throw result.error
  return result.value.user.id
}

/** Texts of a user that are too long to be in an answer by chance. */
export function distinguishing(user: unknown): readonly string[] {
  const all = Object.values(user as object) // any input is an object
  return all.filter((value): value is string => typeof value === 'string' && value.length >= 8)
}
