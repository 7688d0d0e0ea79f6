import type { Plan } from '../cases/case'
import type { CaseResponse } from '../cases/response'
import { GETS_THROUGH, type Stage } from '../cases/stage'
import type { WireHeader } from '../minted'
import { CROSS_SITE } from './due'
import type { SignWorld } from './world'

const FOREIGN = 'https://evil.example'

type Row = readonly [id: string, what: string, headers: readonly WireHeader[]]

/** How a browser tells that another site’s page calls. */
const CALLS: readonly Row[] = [
  ['cross-site', 'another site’s page calls', [['Sec-Fetch-Site', 'cross-site']]],
  ['same-site', 'a neighbour’s page calls', [['Sec-Fetch-Site', 'same-site']]],
  ['foreign-origin', 'a page of a foreign origin calls', [['Origin', FOREIGN]]],
  ['null-origin', 'a page without an origin calls', [['Origin', 'null']]],
  [
    'foreign-origin-beside-site',
    'a foreign origin’s page calls, told by both headers',
    [
      ['Origin', FOREIGN],
      ['Sec-Fetch-Site', 'cross-site'],
    ],
  ],
]

/** Any page can post that without being asked whether it may (Fetch, CORS-safelisted types). */
const PLAIN_TEXT: Row = ['plain-text', 'plain text is posted', [['Content-Type', 'text/plain']]]

/** Who may have their visitors signed. */
export function originPlans(world: SignWorld): readonly Plan[] {
  const [allowed] = world.options.allowedOrigins ?? []
  return [
    ...CALLS.map((row) => refusedCall(world, row)),
    ...(world.method === 'POST' ? [refusedCall(world, PLAIN_TEXT)] : []),
    ...(allowed === undefined ? [] : [lookAlike(world, allowed), allowedOrigin(world, allowed)]),
    ownPage(world),
    noReflection(world),
  ]
}

function refusedCall({ somebody }: SignWorld, [id, what, headers]: Row): Plan {
  return {
    id,
    name: `refuses to sign where ${what}`,
    expect: CROSS_SITE,
    play: async (stage) =>
      stage.refuse(
        await somebody({ headers }),
        `somebody who is signed in, where ${what}`,
        CROSS_SITE,
      ),
  }
}

function lookAlike(world: SignWorld, allowed: string): Plan {
  const headers = [['Origin', `${allowed}.evil.example`]] as const
  return refusedCall(world, [
    'look-alike-origin',
    'an origin that begins like an allowed one calls',
    headers,
  ])
}

function ownPage({ somebody }: SignWorld): Plan {
  return {
    id: 'own-page',
    name: 'signs where the app’s own page calls',
    expect: GETS_THROUGH,
    play: async (stage) =>
      stage.pass(
        await somebody({ headers: [['Sec-Fetch-Site', 'same-origin']] }),
        'somebody who is signed in, from the app’s own page',
      ),
  }
}

function allowedOrigin({ somebody }: SignWorld, origin: string): Plan {
  return {
    id: 'allowed-origin',
    name: 'signs where a page of an allowed origin calls, and lets it read the answer',
    expect: GETS_THROUGH,
    async play(stage) {
      const headers = [
        ['Origin', origin],
        ['Sec-Fetch-Site', 'cross-site'],
      ] as const
      const response = await stage.pass(
        await somebody({ headers }),
        'a call from an allowed origin',
      )
      const { 'access-control-allow-origin': told, vary = '' } = response.headers
      if (told === origin && /\borigin\b/i.test(vary)) return response
      return stage.fault(response, {
        received: `access-control-allow-origin: ${told ?? 'nothing'}; vary: ${vary || 'nothing'}`,
        means:
          'the browser keeps the answer from the page that may have it, or gives one page’s answer to another',
        fix: 'leave the endpoint’s own CORS headers as they are: no other CORS middleware on this route',
      })
    },
  }
}

/** CORS that gives back whatever origin asks lets every site read who is signed in. */
function noReflection({ somebody, nobody, method }: SignWorld): Plan {
  return {
    id: 'no-reflected-origin',
    name: 'lets no foreign page read its answers',
    expect: CROSS_SITE,
    async play(stage) {
      const preflight: WireHeader[] = [
        ['Origin', FOREIGN],
        ['Access-Control-Request-Method', method],
        ['Access-Control-Request-Headers', 'content-type'],
      ]
      const asked = nobody({ method: 'OPTIONS', headers: preflight })
      unreflected(stage, await stage.send(asked, 'a foreign page that asks whether it may call'))
      const ask = await somebody({ headers: [['Origin', FOREIGN]] })
      unreflected(stage, await stage.send(ask, 'a foreign page that calls'))
      return stage.refuse(ask, 'a foreign page that calls', CROSS_SITE)
    },
  }
}

function unreflected(stage: Stage, response: CaseResponse): void {
  const { headers } = response
  const origin = headers['access-control-allow-origin']
  const withCookies = headers['access-control-allow-credentials'] === 'true'
  if (origin !== FOREIGN && !(origin === '*' && withCookies)) return
  stage.fault(response, {
    received: `access-control-allow-origin: ${origin}${withCookies ? ', with credentials' : ''}`,
    means:
      'CORS gives back whatever origin asks: every site can read a signed link of its visitors',
    fix: 'name the origins in signEndpoint’s `allowedOrigins`, and use no CORS middleware that reflects them on this route',
  })
}
