import type { Plan } from '../cases/case'
import type { CaseResponse } from '../cases/response'
import { succeeded } from '../cases/rules'
import type { Stage } from '../cases/stage'
import { nowhere } from './controls'
import { NOBODY, type World } from './world'

type Spelling = readonly [id: string, what: string, spell: (path: string) => string]

/** Ways to write a path that routers, proxies and comparisons do not all read alike. */
const SPELLINGS: readonly Spelling[] = [
  ['slash', 'a slash at its end', (path) => (path.endsWith('/') ? path.slice(0, -1) : `${path}/`)],
  ['capitals', 'capital letters', (path) => path.toUpperCase()],
  ['escaped', 'an escaped letter', (path) => path.replace(/[a-z](?=[^/]*$)/i, escaped)],
  ['escaped-slash', 'an escaped slash', (path) => path.replace(/\/(?=[^/]*$)/, '/%2f')],
  ['double-slash', 'two slashes', (path) => path.replace(/\/(?=[^/]*$)/, '//')],
  ['parameter', 'a path parameter', (path) => `${path};x=1`],
  ['dots', 'a detour', (path) => path.replace(/\/(?=[^/]*$)/, '/x/../')],
  ['dot', 'a dot', (path) => path.replace(/\/(?=[^/]*$)/, '/./')],
  ['absolute', 'a whole URL', (path) => `http://localhost${path}`],
]

function escaped(letter: string): string {
  return `%${letter.charCodeAt(0).toString(16)}`
}

/** A path that reaches the handler and not the guard is a way in. */
export function pathPlans(world: World): readonly Plan[] {
  if (world.optional) return []
  return SPELLINGS.map(([id, what, spell]) => ({
    id: `path-${id}`,
    name: `refuses nobody who writes the path with ${what}`,
    expect: NOBODY,
    async play(stage) {
      const [path = '', ...rest] = world.kind.route.split('?')
      const spelt = [spell(path), ...rest].join('?')
      if (spelt !== world.kind.route) await assertNoWayIn(world, stage, spelt)
      return stage.refuse(world.stranger(), 'nobody', NOBODY)
    },
  }))
}

async function assertNoWayIn(world: World, stage: Stage, path: string): Promise<void> {
  const { stranger } = world
  const response = await stage.send(
    { ...stranger(), path },
    'nobody, at another spelling of the path',
  )
  if (!succeeded(response) || looksLike(await stage.send(nowhere(world), 'nobody'), response))
    return
  stage.fault(response, {
    means:
      'the router takes this spelling for the route, and the guard does not: whoever writes it so needs no credential',
    fix: 'mount the guard on the route itself or on a router around it; compare no paths by hand',
  })
}

/** The page that is shown for every path there is not. */
function looksLike(missing: CaseResponse, response: CaseResponse): boolean {
  const isSame =
    missing.status === response.status &&
    missing.headers['content-type'] === response.headers['content-type']
  return (
    isSame &&
    (missing.text === response.text || /html/.test(response.headers['content-type'] ?? ''))
  )
}
