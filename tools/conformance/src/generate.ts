import { random, type Random } from './generate/random'
import { request } from './generate/requests'
import { SETTINGS, type GeneratedSetting } from './generate/settings'
import type { RawRequest } from './raw/client'

export { optionsFrom, portalFrom, SETTINGS } from './generate/settings'
export type { GeneratedSetting, Library, PortalSpec } from './generate/settings'

/** Requests for one verifier, to be sent in order against an empty replay store. */
export interface GeneratedCase {
  readonly setting: GeneratedSetting
  readonly requests: readonly RawRequest[]
}

/** An endless list of cases for every scheme and carrier, right and wrong: the same for the same seed. */
export function* generate(seed: number): Generator<GeneratedCase, never> {
  const source = random(seed)
  for (;;) {
    const setting = source.pick(SETTINGS)
    yield { setting, requests: requestsFor(source, setting) }
  }
}

/** One request; where uses are remembered, also the same credential again, with any method. */
function requestsFor(source: Random, setting: GeneratedSetting): readonly RawRequest[] {
  const first = request(source, setting)
  if (!setting.options.store || source.chance(0.6)) return [first]
  const again = { ...first, method: source.pick(['GET', 'POST', 'HEAD', 'PUT']) }
  return source.chance(0.5) ? [first, again] : [first, again, first]
}
