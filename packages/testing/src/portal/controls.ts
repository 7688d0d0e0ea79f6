import type { Controls } from '../cases/response'
import type { Ask, Stage } from '../cases/stage'
import { forgedFrom } from './forged'
import type { World } from './world'

/** What the app says to others: asked for where an answer is wrong, to tell why it is. */
export async function controlsOf(world: World, stage: Stage): Promise<Controls> {
  const forged = forgedFrom(await world.good())
  return {
    nowhere: await stage.send(nowhere(world), 'nobody, at a path that is none'),
    stranger: await stage.send(world.stranger(), 'nobody'),
    forged: await stage.send(forged, 'a signed user with another signature'),
    signed: await stage.send(await world.good(), 'a signed user'),
  }
}

/** A request for a path that no route should have. */
export function nowhere(world: World): Ask {
  const [path] = world.kind.route.split('?')
  const missing = `${path?.replace(/\/+$/, '')}/countersign-finds-nothing-here`
  return { ...world.stranger(), path: missing }
}
