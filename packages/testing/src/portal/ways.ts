import { refusing, type Plan } from '../cases/case'
import { overridden, pathOf } from '../cases/changes'
import { succeeded, type CaseResponse } from '../cases/response'
import type { Stage } from '../cases/stage'
import { MISSING, type World } from './world'

/** Ways to the handler that may go around the guard. */
export function wayPlans(world: World): readonly Plan[] {
  return [methodsPlan(world), pathsPlan(world)]
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']

function methodsPlan(world: World): Plan {
  const { method, options, anonymous, valid } = world
  const asks = [...METHODS.map((each) => anonymous(each)), overridden(anonymous, method)]
  const name = 'refuses a request without a credential, whatever its method'
  return refusing('other-methods', name, MISSING, async (stage) => {
    const page = await stage.pass(await valid(), 'a signed user')
    for (const ask of asks) {
      const isOwn = ask.method === method && ask.query === ''
      if (isOwn || options.publicMethods?.includes(ask.method)) continue
      const what = ask.query === '' ? ask.method : 'an overriding method'
      const response = await stage.send(ask, `no credential, with ${what}`, MISSING)
      if (!(await isOpen(world, stage, response, page))) continue
      stage.fault(response, {
        tells: `the guard does not run for ${what}: the route answers it without a credential → mount the guard for all methods: app.use(path, guard) or app.all(path, guard, …); if anyone may use this method, name it in \`publicMethods\``,
      })
    }
    return stage.refuse(anonymous(), 'no credential', MISSING)
  })
}

/** @param page what a signed user gets on this route */
async function isOpen(
  world: World,
  stage: Stage,
  response: CaseResponse,
  page: CaseResponse,
): Promise<boolean> {
  if (!succeeded(response)) return false
  if (response.text !== '' && response.text === page.text) return true
  const isRead = (method: string): boolean => method === 'GET' || method === 'HEAD'
  if (isRead(response.method) && !isRead(world.method)) return false // a public page with a form
  return !(await isEverywhere(world, stage, response))
}

/** Ways to write a path that routers, proxies and comparisons do not all read alike. */
const SPELLINGS: Readonly<Record<string, (path: string) => string>> = {
  'a slash at its end': (path) => (path.endsWith('/') ? path.slice(0, -1) : `${path}/`),
  'capital letters': (path) => path.toUpperCase(),
  'an escaped letter': (path) =>
    path.replace(/[a-z](?=[^/]*$)/i, (letter) => `%${letter.charCodeAt(0).toString(16)}`),
  'an escaped slash': (path) => path.replace(/\/(?=[^/]*$)/, '/%2f'),
  'two slashes': (path) => path.replace(/\/(?=[^/]*$)/, '//'),
  'a path parameter': (path) => `${path};x=1`,
  'a detour': (path) => path.replace(/\/(?=[^/]*$)/, '/x/../'),
  'a dot': (path) => path.replace(/\/(?=[^/]*$)/, '/./'),
  'the suffix of a file': (path) => `${path.replace(/\/$/, '')}.css`,
  'a whole URL': (path) => `http://localhost${path}`,
}

/** A path that reaches the handler and not the guard is a way in. */
function pathsPlan(world: World): Plan {
  const { route, anonymous } = world
  const name = 'refuses a request without a credential, however its path is spelled'
  return refusing('paths', name, MISSING, async (stage) => {
    for (const [what, spell] of Object.entries(SPELLINGS)) {
      const path = spell(pathOf(route)) + route.slice(pathOf(route).length)
      if (path === route) continue
      const ask = { ...anonymous(), path }
      const response = await stage.send(ask, `no credential, the path with ${what}`, MISSING)
      if (!succeeded(response) || (await isEverywhere(world, stage, response))) continue
      stage.expect(response, {
        tells: `the router takes the path with ${what} for this route, and the guard does not: a request with this spelling needs no credential → mount the guard on the route itself or on a router around it; do not compare paths by hand`,
      })
    }
    return stage.refuse(anonymous(), 'no credential', MISSING)
  })
}

/** True for the page that the app shows for every path that does not exist. */
async function isEverywhere(
  { route, anonymous }: World,
  stage: Stage,
  response: CaseResponse,
): Promise<boolean> {
  const path = `${pathOf(route).replace(/\/+$/, '')}/countersign-finds-nothing-here`
  const ask = { ...anonymous(response.method), path }
  const missing = await stage.send(ask, 'a path that does not exist', MISSING)
  const type = response.headers['content-type'] ?? ''
  const isAlike = missing.status === response.status && missing.headers['content-type'] === type
  return isAlike && (/html/.test(type) || withoutPath(missing) === withoutPath(response))
}

/** Such a page may name the path: in words of their own, both are the same. */
function withoutPath({ text, sent }: CaseResponse): string {
  const path = /^\S+ ([^\s?]*?):?(?:[\s?]|$)/.exec(sent)?.[1] ?? ''
  return [path, decodeURI(path)].reduce((rest, each) => rest.replaceAll(each, ''), text)
}
