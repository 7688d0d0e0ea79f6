import express from 'express'
import {
  featkit,
  seggwat,
  requireSignedUser,
  getPortalUser,
  signEndpoint,
  type FeatKitUser,
} from '../src'
type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const is = <T extends true>(): T | void => undefined
const app = express()
const portal = featkit({ secret: process.env['X'] })
app.get('/x/:id', requireSignedUser(portal), (req, res) => {
  const user = getPortalUser(req)
  is<Equal<typeof user, FeatKitUser>>()
  res.json(user.id)
})
app.use('/portal', requireSignedUser(portal), (req, res) => {
  const u = getPortalUser(req)
  is<Equal<typeof u, FeatKitUser>>()
  res.json(req.portalUser)
})
app.use(
  requireSignedUser([portal, seggwat({ secret: 'x', projectKey: 'a' })], {
    onVerified: ({ user }) => {
      const s: 'featkit' | 'seggwat' = user.scheme
    },
  }),
)
app.get('/y', (req, res) => {
  const u = getPortalUser(req)
  res.json(u.id)
})
const r = express.Router()
r.get('/z', requireSignedUser(portal), express.json(), (req, res) => {
  const u = getPortalUser(req)
  is<Equal<typeof u, FeatKitUser>>()
  res.json(u.id)
})
app.post('/sign', signEndpoint(portal, { user: (req) => ({ id: req.ip ?? 7 }) }))
