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
import * as koa from '@countersign/koa'

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
