import { succeeded, type CaseResponse } from '../cases/response'
import { changed, identities, named, overridden, pairs } from '../cases/changes'
import { pathOf, type Ask, type Stage } from '../cases/stage'
import { dueFor } from '../defects/defect'
import type { Expectation } from '../minting/request'
import { MISSING, type PortalCase, type World } from './world'

/** What is special about requests, in words, and their changes. */
type Asks = readonly (readonly [what: string, change: Partial<Ask>])[]

const header = (names: string, value: string): Partial<Ask> => ({ headers: pairs(names, value) })

/** The same request, which also names another user in every other way. */
export function claimingToBe(ask: Ask, who: string): Ask {
  const changes = Object.values(identities(who))
  const queries = [ask.query, ...changes.flatMap(({ query }) => query ?? [])]
  const headers = [...ask.headers, ...changes.flatMap((change) => change.headers ?? [])]
  return { ...ask, query: queries.filter(Boolean).join('&'), headers }
}

/** What apps make exceptions for, although anyone can send it. */
const EXCEPTIONS: Asks = Object.entries({
  ...identities('countersign-user-1'),
  'a debug parameter': { query: named('debug test preview admin bypass skip_auth', '1') },
  'a query that ends like a file': { query: 'file=/static/app.css' },
  'the server’s own address': header('x-forwarded-for x-real-ip', '127.0.0.1'),
  'an address of a private network': header('x-forwarded-for x-real-ip', '10.0.0.1'),
  'the name of a monitor': header('user-agent', 'ELB-HealthChecker/2.0 kube-probe/1.29'),
  'the name of a search engine': header('user-agent', 'Mozilla/5.0 Googlebot/2.1'),
  'another original URL': header('x-original-url x-rewrite-url', '/'),
  'an internal header': header('x-internal x-debug x-test', '1'),
  'a session flag': header('cookie', 'logged_in=true; admin=true; auth=1'),
  'a login of its own': header('authorization', 'Basic YWRtaW46YWRtaW4='),
})

/** Ways to write a path that routers, proxies and comparisons do not all read alike. */
const SPELLINGS: Readonly<Record<string, (path: string) => string>> = {
  'a slash at the end of its path': (path) => (path.endsWith('/') ? path.slice(0, -1) : `${path}/`),
  'capital letters in its path': (path) => path.toUpperCase(),
  'an escaped letter in its path': (path) =>
    path.replace(/[a-z](?=[^/]*$)/i, (letter) => `%${letter.charCodeAt(0).toString(16)}`),
  'a parameter in its path': (path) => `${path};x=1`,
  'the suffix of a file after its path': (path) => `${path.replace(/\/$/, '')}.css`,
  'the suffix ".json" after its path': (path) => `${path.replace(/\/$/, '')}.json`,
  'a whole URL for its path': (path) => `http://localhost${path}`,
  ...Object.fromEntries(
    ['/%2f', '//', '/x/../', '/./'].map((slash) => [
      `"${slash}" in its path`,
      (path: string) => path.replace(/\/(?=[^/]*$)/, slash),
    ]),
  ),
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']

/** Requests without a credential that may reach the handler. */
function around({ portal, route, method, options, anonymous }: World): Asks {
  const { publicMethods = [] } = options
  const path = pathOf(route)
  const spelled = Object.entries(SPELLINGS).map(
    ([what, spell]) => [what, { path: spell(path) + route.slice(path.length) }] as const,
  )
  const methods = METHODS.filter((it) => it !== method).map(
    (it) => [`the method ${it}`, anonymous(it)] as const,
  )
  const all = [...methods, ['an overriding method', overridden(anonymous, method)] as const]
  return [
    ...EXCEPTIONS,
    ['a page of the portal as its referrer', header('referer', `${portal.baseUrl}/`)],
    ...spelled.filter(([, { path: other }]) => other !== route),
    ...all.filter(([, ask]) => !publicMethods.includes(ask.method)),
  ]
}

/** A cookie that the app has set for a user, with another value. */
async function changedCookie({ valid }: World, stage: Stage): Promise<Asks> {
  const { rawHeaders } = await stage.pass(await valid(), 'a signed user')
  const set = rawHeaders.filter(([name]) => name.toLowerCase() === 'set-cookie')
  const cookies = set.map(([, value]) => changed(value.split(';', 1)[0] ?? ''))
  return cookies.length === 0 ? [] : [['a changed cookie', header('cookie', cookies.join('; '))]]
}

const TENANTS = 'project project_key projectKey tenant workspace audience aud'
const TENANT_HEADERS = 'x-project-key x-tenant x-tenant-id x-workspace-id x-audience'

/** A credential for another audience beside that audience's name, wherever a request can have one. */
async function otherAudience({ portal, options, route, wrong }: World): Promise<Asks> {
  const own = options.tenant ?? portal.audience ?? ''
  const other = `${own}-other`
  const path = options.tenant === undefined && own ? route.replace(`/${own}`, `/${other}`) : route
  const { request } = await wrong('wrongAudience')
  const { query, headers } = request
  const all: Asks = [
    ['its name in the query', { ...request, query: `${query}&${named(TENANTS, other)}` }],
    [
      'its name in a header',
      { ...request, headers: [...headers, ...pairs(TENANT_HEADERS, other)] },
    ],
    ['its name in the path', { ...request, path }],
  ]
  return all.filter(([, ask]) => ask.path !== route)
}

/** What a request may say, and ways to the handler that may go around the guard. */
export const wayCases: readonly PortalCase[] = [
  ways(
    'ways-around',
    'refuses a request without a credential, whatever its method, path and headers',
    {
      asks: around,
      tells: (what) =>
        `the guard does not run for a request with ${what}: anyone can send that without a credential → mount the guard on the route itself or on a router around it, for all methods (name those that anyone may use in \`publicMethods\`), and make no exceptions; let only it, or a session that the app has signed, say who the user is`,
    },
  ),
  ways('changed-cookie', 'refuses a changed cookie of its own', {
    asks: changedCookie,
    tells: () =>
      'the app believes a cookie that was changed after it had set it → sign the app’s own session cookies, or keep the session on the server',
  }),
  {
    ...ways('audience-beside', 'refuses a credential for another audience that the request names', {
      asks: otherAudience,
      tells: (what) =>
        `a credential for another audience is accepted with ${what}: it is compared with what the request says instead of with the portal’s own id → make the portal with its own id, such as \`projectKey\`; if one app serves several projects, pass \`tenant\` here`,
      says: 'a credential for another audience',
      due: dueFor('audience_mismatch'),
    }),
    when: ({ optional, portal }) => !optional && portal.scheme.claims.audience !== undefined,
  },
]

interface Ways {
  asks(world: World, stage: Stage): Asks | Promise<Asks>
  tells(what: string): string
  /** @default 'a request without a credential' */
  readonly says?: string
  /** @default the answer to a request without a credential */
  readonly due?: Expectation
}

/** Every request must be refused; an answer other than a success is a refusal, whatever gave it. */
function ways(id: string, name: string, { asks, tells, ...given }: Ways): PortalCase {
  const { says = 'a request without a credential', due = MISSING } = given
  return {
    id,
    name,
    when: ({ optional }) => !optional,
    async play(stage, world) {
      const plain = world.anonymous()
      const isPublic = publicPages(world, stage)
      for (const [what, change] of await asks(world, stage)) {
        const ask = { ...plain, ...change }
        const response = await stage.send(ask, `${says}, with ${what}`, due)
        const isOpen = succeeded(response) && !(await isPublic(response))
        if (isOpen) stage.expect(response, { tells: tells(what) })
      }
      if (due === MISSING) await stage.refuse(plain, 'no credential', due)
    },
  }
}

/** Recognizes a page with a form, and what the app shows for every path that does not exist. */
function publicPages({ route, method, anonymous, valid }: World, stage: Stage) {
  const isRead = (it: string): boolean => it === 'GET' || it === 'HEAD'
  const known: Record<string, Promise<CaseResponse>> = {}
  const missing = (asked: string, end: string): Promise<CaseResponse> => {
    const ask = { ...anonymous(asked), path: pathOf(route).replace(/\/*$/, end) }
    return (known[asked + end] ??= stage.send(ask, 'no such path', MISSING))
  }
  let page: CaseResponse | undefined
  return async (response: CaseResponse): Promise<boolean> => {
    page ??= await stage.send(await valid(), 'a signed user')
    if (response.text !== '' && response.text === page.text) return false
    const type = response.headers['content-type'] ?? ''
    if (isRead(response.method) && !isRead(method) && /html|^$/.test(type)) return true
    const one = await missing(response.method, '/countersign-finds-nothing-here')
    if (one.status !== response.status || one.headers['content-type'] !== type) return false
    const other = await missing(response.method, '/countersign/finds-nothing')
    return shapeOf(one) !== shapeOf(other) || shapeOf(one) === shapeOf(response)
  }
}

/** What two answers have in common that differ in the path, in an id or in a time. */
function shapeOf({ text, sent }: CaseResponse): string {
  const path = /^\S+ ([^\s?]*?):?(?:[\s?]|$)/.exec(sent)?.[1] ?? ''
  const rest = [path, decodeURI(path)].reduce((left, each) => left.replaceAll(each, ''), text)
  return rest.replaceAll(/[\w+/=-]*\d[\w+/=.:-]*|[\w+/=-]{16,}/g, '#')
}
