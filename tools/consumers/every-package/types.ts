import express from 'express'
import { getPortalUser, requireSignedUser, seggwat, signEndpoint } from '@countersign/express'
import * as koa from '@countersign/koa'

const portal = seggwat({ projectKey: 'acme', secret: process.env.SEGGWAT_SIGNING_SECRET })

export const app = express()
  .post('/sign', signEndpoint(portal, { user: () => ({ id: 42 }) }))
  .get('/', requireSignedUser(portal), (req, res) => {
    const user = getPortalUser(req)
    const subscription: string | null = user.subscriptionId
    // @ts-expect-error had the types become `any`, a number would do
    const wrong: number = user.id
    res.json([subscription, wrong])
  })

export const guard = koa.requireSignedUser(koa.harlyy({ secret: 'a secret of the survey' }), {
  onVerified({ user }) {
    const nonce: string = user.nonce
    // @ts-expect-error a survey link identifies no user
    const email: string = user.email
    console.log(nonce, email)
  },
})

// @ts-expect-error not a secret
seggwat({ secret: 3 })
