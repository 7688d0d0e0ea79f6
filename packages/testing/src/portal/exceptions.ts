import { refusing, type Plan } from '../cases/case'
import { changed } from '../cases/changes'
import type { Fault } from '../cases/finding'
import { succeeded, type CaseResponse } from '../cases/response'
import type { Ask, Stage } from '../cases/stage'
import { dueFor } from '../defects/defect'
import type { WireHeader } from '../minting/request'
import { MISSING, type World } from './world'

type Change = Partial<Ask>

const pairs = (names: string, value: string): readonly WireHeader[] =>
  names.split(' ').map((name) => [name, value])
const named = (names: string, value: string): string =>
  pairs(names, value)
    .map((pair) => pair.join('='))
    .join('&')
const header = (name: string, value: string): Change => ({ headers: pairs(name, value) })

const IDS = 'id user user_id sub email portalUser user[id]'
const ID_HEADERS = 'x-user-id x-user-email x-forwarded-user remote-user x-portal-user'
const ID_COOKIES = 'session sid user_id portalUser'

const identities = (who: string): Readonly<Record<string, Change>> => ({
  'the query': { query: named(IDS, who) },
  headers: header(ID_HEADERS, who),
  cookies: header('cookie', named(ID_COOKIES, who).replaceAll('&', '; ')),
})

/** The same request, which also names another user in every other way. */
export function claimingToBe(ask: Ask, who: string): Ask {
  const changes = Object.values(identities(who))
  const queries = [ask.query, ...changes.flatMap(({ query }) => query ?? [])]
  const headers = [...ask.headers, ...changes.flatMap((change) => change.headers ?? [])]
  return { ...ask, query: queries.filter(Boolean).join('&'), headers }
}

const EXCEPTIONS: Readonly<Record<string, Change>> = {
  'a debug parameter': { query: named('debug test preview admin bypass skip_auth', '1') },
  'a query that ends like a file': { query: 'file=/static/app.css' },
  'the server’s own address': header('x-forwarded-for x-real-ip', '127.0.0.1'),
  'the name of a monitor': header('user-agent', 'ELB-HealthChecker/2.0 kube-probe/1.29'),
  'the name of a search engine': header('user-agent', 'Mozilla/5.0 Googlebot/2.1'),
  'another original URL': header('x-original-url x-rewrite-url', '/'),
  'an internal header': header('x-internal x-debug x-test', '1'),
  'a session flag': header('cookie', 'logged_in=true; admin=true; auth=1'),
  'a login of its own': header('authorization', 'Basic YWRtaW46YWRtaW4='),
}

/** What a request may say, and what must not be believed. */
export function exceptionPlans(world: World): readonly Plan[] {
  const { claims } = world.portal.scheme
  const anonymous = (id: string, name: string, play: Plan['play']): Plan =>
    refusing(id, name, MISSING, play)
  return [
    anonymous('self-made', 'refuses a request that only says who its user is', (stage) =>
      refuseEach(world, stage, identities('countersign-user-1'), (what) => ({
        tells: `the app believes who the user is from ${what}: anyone can send that → let only requireSignedUser(portal), or a session that the app has signed, say who the user is`,
      })),
    ),
    anonymous('exceptions', 'makes no exception for addresses, agents or switches', (stage) =>
      refuseEach(world, stage, EXCEPTIONS, (what) => ({
        tells: `the guard is skipped for ${what}: anyone can send that → run the guard for every request to this route`,
      })),
    ),
    anonymous('changed-cookie', 'refuses a changed cookie of its own', (stage) =>
      changedCookie(world, stage),
    ),
    ...(claims.audience ? [beside(world)] : []),
  ]
}

/** An answer other than a success is a refusal, whatever gave it. */
async function refuseEach(
  { anonymous }: World,
  stage: Stage,
  changes: Readonly<Record<string, Change>>,
  fault: (what: string) => Fault,
): Promise<CaseResponse> {
  for (const [what, change] of Object.entries(changes)) {
    const ask = { ...anonymous(), ...change }
    const response = await stage.send(ask, `no credential, with ${what}`, MISSING)
    if (succeeded(response)) stage.expect(response, fault(what))
  }
  return stage.refuse(anonymous(), 'no credential', MISSING)
}

/** A cookie that the app has set for a user, with another value. */
async function changedCookie(world: World, stage: Stage): Promise<CaseResponse> {
  const { rawHeaders } = await stage.pass(await world.valid(), 'a signed user')
  const set = rawHeaders.filter(([name]) => name.toLowerCase() === 'set-cookie')
  const cookies = set.map(([, value]) => changed(value.split(';', 1)[0] ?? ''))
  const changes = { 'a changed cookie of the app': header('cookie', cookies.join('; ')) }
  return refuseEach(world, stage, cookies.length > 0 ? changes : {}, () => ({
    tells:
      'the app believes a cookie that was changed after it had set it → sign the app’s own session cookies, or keep the session on the server',
  }))
}

const TENANTS = 'project project_key projectKey tenant workspace audience aud'
const TENANT_HEADERS = 'x-project-key x-tenant x-tenant-id x-workspace-id x-audience'

/** A credential for another audience beside that audience's name, wherever a request can have one. */
function beside({ portal, options, route, wrong }: World): Plan {
  const own = options.tenant ?? portal.audience ?? ''
  const other = `${own}-other`
  const path = options.tenant === undefined && own ? route.replace(`/${own}`, `/${other}`) : route
  const due = dueFor('audience_mismatch')
  const name = 'refuses a credential for another audience that the request names, too'
  return refusing('audience-beside', name, due, async (stage) => {
    const { request } = await wrong('wrongAudience')
    const asks: Readonly<Record<string, Ask>> = {
      'the query': { ...request, query: `${request.query}&${named(TENANTS, other)}` },
      'a header': { ...request, headers: [...request.headers, ...pairs(TENANT_HEADERS, other)] },
      ...(path !== route && { 'the path': { ...request, path } }),
    }
    for (const [what, ask] of Object.entries(asks)) {
      const sent = `a credential for another audience, named in ${what}`
      const response = await stage.send(ask, sent, due)
      if (!succeeded(response)) continue
      stage.fault(response, {
        tells: `the audience is compared with ${what} instead of with the portal’s own id: a user of another project gets in → make the portal with its own id, such as \`projectKey\`; if one app serves several projects, pass \`tenant\` here`,
      })
    }
    return stage.refuse(request, 'a credential for another audience', due)
  })
}
