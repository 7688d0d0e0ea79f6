import express from 'express'
import {
  fdback,
  featkit,
  getPortalUser,
  requireSignedUser,
  seggwat,
  signEndpoint,
  type InputOf,
  type UserOf,
} from '@countersign/express'
import * as web from '@countersign/fetch'
import * as hono from '@countersign/hono'
import * as koa from '@countersign/koa'
import { Hono } from 'hono'

const portal = seggwat({ projectKey: 'acme', secret: process.env.SEGGWAT_SIGNING_SECRET })

export const app = express()
  .post('/sign', signEndpoint(portal, { user: () => ({ id: 42 }) }))
  .get('/', requireSignedUser(portal), (req, res) => {
    const user = getPortalUser(req)
    const subscription: string | null = user.subscriptionId
    // @ts-expect-error if the types became `any`, a number would compile
    const wrong: number = user.id
    res.json([subscription, wrong])
  })
  .get(
    '/two',
    requireSignedUser([featkit({ secret: 'a' }), fdback({ secret: 'b' })]),
    (req, res) => {
      const user = getPortalUser(req)
      if (user.scheme === 'fdback') res.send(user.avatar)
      // @ts-expect-error neither portal is SeggWat
      else if (user.scheme === 'seggwat') res.end()
    },
  )

export const scheme: UserOf<typeof portal>['scheme'] = 'seggwat'
export const input: InputOf<typeof portal> = { id: 1n }

// @ts-expect-error a SeggWat user has an id
export const withoutId: InputOf<typeof portal> = { email: 'ada@example.com' }

export const guard = koa.requireSignedUser(koa.harlyy({ secret: 'a secret of the survey' }), {
  consume: { lease: 30 },
  onVerified({ user }) {
    const nonce: string = user.nonce
    // @ts-expect-error a survey link identifies no user
    const email: string = user.email
    console.log(nonce, email)
  },
})

// @ts-expect-error not a secret
seggwat({ secret: 3 })

// @ts-expect-error FeatKit has no project key
featkit({ secret: 'a', projectKey: 'acme' })

// @ts-expect-error the option is clockTolerance
requireSignedUser(portal, { clockTolerence: 5 })

// @ts-expect-error the option is clockTolerance
koa.requireSignedUser(portal, { clockTolerence: 5 })

// in a Worker, only the context has the secret
interface Env {
  Bindings: { SECRET: string }
  Variables: { visits: number }
}

export const worker = new Hono<Env>()
  .use((c, next) => hono.requireSignedUser(hono.featkit({ secret: c.env.SECRET }))(c, next))
  .get('/', (c) => c.text(`${hono.getPortalUser(c).name} ${c.var.visits.toFixed()}`))
  .get('/own', hono.requireSignedUser(portal), (c) => {
    // @ts-expect-error neither the user nor its id is `any`
    const wrong: number = hono.getPortalUser(c).id
    return c.json([c.var.visits, wrong])
  })

/** As of Next.js. */
interface NextRequest extends Request {
  readonly nextUrl: URL
}
const page = web.requireSignedUser(portal)
export const signs: (request: NextRequest) => Promise<Response> = web.signEndpoint(portal, {
  user: (request: NextRequest) => ({ id: request.nextUrl.host }),
})
export const shows: (request: NextRequest, rest: { slug: string }) => Promise<Response> = page(
  ({ nextUrl }: NextRequest, { portalUser }, { slug }: { slug: string }) =>
    new Response(nextUrl.host + portalUser.id + slug),
)

export async function load(request: Request) {
  const { response, portalUser } = await page.check(request)
  if (response) return response
  // @ts-expect-error the id is no number
  const wrong: number = portalUser.id
  return new Response(String(wrong))
}
