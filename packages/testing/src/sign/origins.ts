import { admitting, refusing, type Plan } from '../cases/case'
import { headerList } from '../cases/options'
import type { CaseResponse } from '../cases/response'
import type { Stage } from '../cases/stage'
import type { WireHeader } from '../minting/request'
import { CROSS_SITE, type SignWorld } from './world'

const FOREIGN = 'https://evil.example'

/** How a browser says that a page of another site calls. */
const CALLS: Readonly<Record<string, readonly [what: string, header: WireHeader]>> = {
  'cross-site': ['a page of another site calls', ['Sec-Fetch-Site', 'cross-site']],
  'same-site': ['a page of a neighbouring site calls', ['Sec-Fetch-Site', 'same-site']],
  'foreign-origin': ['a page of a foreign origin calls', ['Origin', FOREIGN]],
  'null-origin': ['a page without an origin calls', ['Origin', 'null']],
  // a form of any page can post this without being asked (Fetch, CORS-safelisted types)
  'plain-text': ['plain text is posted', ['Content-Type', 'text/plain']],
}

/** Whose pages may have their visitors signed. */
export function originPlans(world: SignWorld): readonly Plan[] {
  const { method, options, signedIn } = world
  const { allowedOrigins: [allowed] = [] } = options
  const calls = Object.entries(CALLS).filter(([id]) => id !== 'plain-text' || method === 'POST')
  return [
    ...calls.map(([id, [what, header]]) =>
      refusing(id, `refuses to sign where ${what}`, CROSS_SITE, async (stage) => {
        const ask = await signedIn({ headers: [header] })
        return stage.refuse(ask, `a signed-in user, where ${what}`, CROSS_SITE)
      }),
    ),
    lookAlikes(world, allowed),
    ...(allowed === undefined ? [] : [allowedOrigin(world, allowed)]),
    ownPage(world),
    noReflection(world),
  ]
}

/** Each differs from the origin in one direction. */
function similarTo(origin: string): readonly string[] {
  const { protocol, host, hostname } = new URL(origin)
  const other = protocol === 'https:' ? 'http:' : 'https:'
  const hasParent = /^[a-z].*\..*\./i.test(host)
  return [
    `${origin}.evil.example`,
    `${protocol}//evil-${host}`,
    `${protocol}//evil.example.${host}`,
    `${protocol}//${host.replace('.', '-')}`,
    `${protocol}//${hostname}:1`,
    ...(hasParent ? [`${protocol}//${host.replace(/^[^.]*\./, '')}`] : []),
    `${other}//${host}`,
  ].filter((each) => each !== origin && URL.canParse(each)) // a name may not end in a number
}

function lookAlikes({ options, signedIn }: SignWorld, allowed: string | undefined): Plan {
  const { allowedOrigins = [], headers } = options
  const name = 'refuses to sign for origins that look like an own one'
  return refusing('look-alike-origins', name, CROSS_SITE, async (stage) => {
    const [, host = stage.host] = headerList(headers).find(([each]) => /^host$/i.test(each)) ?? []
    const own = allowed ?? `http://${host}`
    // without a list the scheme does not matter: a proxy may have ended TLS
    const isOther = (each: string): boolean =>
      allowed ? !allowedOrigins.includes(each) : new URL(each).host !== new URL(own).host
    let last: CaseResponse | undefined
    for (const origin of similarTo(own).filter(isOther)) {
      const ask = await signedIn({ headers: [['Origin', origin]] })
      const response = await stage.send(ask, `a signed-in user, from ${origin}`, CROSS_SITE)
      last = stage.expect(response, {
        tells: `an origin that only looks like an own one is accepted: ${origin} → compare origins as whole strings: no prefix, suffix, substring or pattern; leave it to signEndpoint’s \`allowedOrigins\``,
      })
    }
    return last as CaseResponse // the first two can always be parsed
  })
}

function ownPage({ signedIn }: SignWorld): Plan {
  return admitting('own-page', 'signs where a page of the app itself calls', async (stage) => {
    const ask = await signedIn({ headers: [['Sec-Fetch-Site', 'same-origin']] })
    return stage.pass(ask, 'a signed-in user, from a page of the app')
  })
}

function allowedOrigin({ signedIn }: SignWorld, origin: string): Plan {
  const name = 'signs where a page of an allowed origin calls, and lets it read the answer'
  return admitting('allowed-origin', name, async (stage) => {
    const sent = { Origin: origin, 'Sec-Fetch-Site': 'cross-site' }
    const ask = await signedIn({ headers: Object.entries(sent) })
    const response = await stage.pass(ask, 'a call from an allowed origin')
    const { 'access-control-allow-origin': told = 'none', vary = 'none' } = response.headers
    if (told === origin && /\borigin\b/i.test(vary)) return response
    return stage.fault(response, {
      received: `access-control-allow-origin: ${told}; vary: ${vary}`,
      tells:
        'the browser keeps the answer from the page that may read it, or gives the answer for one page to another → keep the endpoint’s own CORS headers: no other CORS middleware on this route',
    })
  })
}

/** CORS that repeats any origin lets every site read who is signed in. */
function noReflection({ signedIn, signedOut, method }: SignWorld): Plan {
  const name = 'lets no foreign page read its answers'
  return refusing('no-reflected-origin', name, CROSS_SITE, async (stage) => {
    const preflight = {
      Origin: FOREIGN,
      'Access-Control-Request-Method': method,
      'Access-Control-Request-Headers': 'content-type',
    }
    const asked = signedOut({ method: 'OPTIONS', headers: Object.entries(preflight) })
    unreflected(stage, await stage.send(asked, 'the preflight of a foreign page'))
    const ask = await signedIn({ headers: [['Origin', FOREIGN]] })
    const response = await stage.send(ask, 'a call of a foreign page', CROSS_SITE)
    unreflected(stage, response)
    return stage.expect(response)
  })
}

function unreflected(stage: Stage, response: CaseResponse): void {
  const { headers } = response
  const origin = headers['access-control-allow-origin']
  const withCookies = headers['access-control-allow-credentials'] === 'true'
  if (origin !== FOREIGN && !(origin === '*' && withCookies)) return
  stage.fault(response, {
    received: `access-control-allow-origin: ${origin}${withCookies ? ', with credentials' : ''}`,
    severity: 'a way in',
    tells:
      'CORS repeats any origin: every site can read a signed link of its visitors → name the origins in signEndpoint’s `allowedOrigins`, and use no CORS middleware that repeats them on this route',
  })
}
