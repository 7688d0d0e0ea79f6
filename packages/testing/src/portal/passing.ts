import type { Plan } from '../cases/case'
import { GETS_THROUGH, type Stage } from '../cases/stage'
import type { WireHeader } from '../minted'
import type { World } from './world'

/** What must get through. */
export function passingPlans(world: World): readonly Plan[] {
  const { good, singleUse, signsBody, options } = world
  return [
    passing('signed-user', 'lets a signed user in', async (stage) =>
      stage.pass(await good(), 'a signed user'),
    ),
    ...(singleUse ? [] : [again(world)]),
    passing('beside-parameters', 'lets a signed user in beside other parameters', async (stage) => {
      const ask = await good()
      const query = ['utm_source=mail', ask.query, 'page=1&page=2', 'q=a%20b+c'].filter(Boolean)
      return stage.pass({ ...ask, query: query.join('&') }, 'a signed user beside other parameters')
    }),
    ...(world.inUrl ? [unescaped(world)] : []),
    ...(signsBody ? signedBodyPlans(world) : ownBodyPlans(world)),
    ...(options.bearer ? [bearerPlan(world)] : []),
    goodAfterBad(world),
  ]
}

function passing(id: string, name: string, play: Plan['play']): Plan {
  return { id, name, expect: GETS_THROUGH, play }
}

function again({ good }: World): Plan {
  return passing('twice', 'lets a signed user in a second time', async (stage) => {
    const ask = await good()
    await stage.pass(ask, 'a signed user')
    return stage.pass(ask, 'the same once more')
  })
}

/** Some apps paste the signature into a URL as it is: a plus is a plus, and no space. */
function unescaped({ good }: World): Plan {
  return passing(
    'unescaped',
    'lets a signed user in whose link nobody has escaped',
    async (stage) => {
      let ask = await good()
      // half of all signatures in base64 hold a plus
      for (let tries = 0; tries < 64 && !/%2B/i.test(ask.query); tries++) ask = await good()
      const query = ask.query
        .replaceAll(/%2B/gi, '+')
        .replaceAll(/%2F/gi, '/')
        .replaceAll(/%3D/gi, '=')
      return stage.pass({ ...ask, query }, 'a signed user, the link unescaped')
    },
  )
}

/** Whoever read the body, and however it came: the bytes that were signed are there. */
function signedBodyPlans({ good }: World): readonly Plan[] {
  const inPieces = (cut: (body: Buffer) => readonly Uint8Array[]) => async (stage: Stage) => {
    const { body, ...ask } = await good()
    const pieces = cut(Buffer.from(body ?? []))
    return stage.pass({ ...ask, pieces }, 'a signed body, sent chunked')
  }
  const typed = (type: string) => async (stage: Stage) => {
    const ask = await good()
    const others = ask.headers.filter(([name]) => name.toLowerCase() !== 'content-type')
    const headers: WireHeader[] = [...others, ['Content-Type', type]]
    return stage.pass({ ...ask, headers }, `a signed body as ${type}`)
  }
  const bytes = (body: Buffer): Uint8Array[] => Array.from(body, (byte) => Buffer.of(byte))
  return [
    passing(
      'chunked-body',
      'lets a signed body in that is sent chunked',
      inPieces((body) => [body]),
    ),
    passing('many-chunks', 'lets a signed body in that is sent byte by byte', inPieces(bytes)),
    passing(
      'body-with-charset',
      'lets a signed body in with a charset in its type',
      typed('application/json; charset=utf-8'),
    ),
    passing(
      'type-in-capitals',
      'lets a signed body in whose type is in capitals',
      typed('APPLICATION/JSON'),
    ),
  ]
}

const BODIES = {
  'json-body': ['lets a signed user in who posts JSON', 'application/json', '{"a":1}'],
  'form-body': [
    'lets a signed user in who posts a form',
    'application/x-www-form-urlencoded',
    'a=1',
  ],
} as const

/** A body that nobody signed is the handler’s own affair: the guard must leave it alone. */
function ownBodyPlans({ good, method }: World): readonly Plan[] {
  if (!/^(?:POST|PUT|PATCH)$/.test(method)) return []
  return Object.entries(BODIES).map(([id, [name, type, body]]) =>
    passing(id, name, async (stage) => {
      const ask = await good()
      const headers: WireHeader[] = [...ask.headers, ['Content-Type', type]]
      const posted = { ...ask, headers, body: Buffer.from(body) }
      const response = await stage.send(posted, `a signed user, with ${type}`)
      const isHandlersOwn = [400, 415, 422].includes(response.status) && response.code === null
      if (!isHandlersOwn) stage.expect(response)
      return stage.pass(await good(), 'a signed user')
    }),
  )
}

function bearerPlan({ good }: World): Plan {
  return passing('bearer', 'lets a signed user in with `Authorization: Bearer`', async (stage) =>
    stage.pass(await good({ carrier: 'bearer' }), 'a signed user, as a bearer token'),
  )
}

/** A refusal must leave the connection as the next request needs it, what it did not read included. */
function goodAfterBad({ stranger, method, good }: World): Plan {
  const name = 'lets a signed user in on the connection on which another was refused'
  return passing('good-after-bad', name, async (stage) => {
    const line = stage.onOneLine()
    const posts = /^(?:POST|PUT|PATCH)$/.test(method)
    const body = posts ? Buffer.from(JSON.stringify({ text: 'x'.repeat(4_000) })) : undefined
    const headers: WireHeader[] = posts ? [['Content-Type', 'application/json']] : []
    const { headers: answer } = await line.send({ ...stranger(), headers, body }, 'nobody')
    const next = /\bclose\b/i.test(answer['connection'] ?? '') ? stage : line
    return next.pass(await good(), 'a signed user, after nobody on the same connection')
  })
}
