// For the compiler; it does not run. A type that is another one, or `any`, is an error here.
import express, { type Request, type RequestHandler, type Response } from 'express'
import {
  getPortalUser,
  requireSignedUser,
  signEndpoint,
  type FdbackUser,
  type FeatKitUser,
  type HarlyyUser,
  type PortalAuth,
  type PortalUser,
} from '../src'
import { links, requests, surveys } from './portals'

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

declare function expectType<Expected>(): <Actual>(
  value: Actual,
  ..._same: Equal<Expected, Actual> extends true ? [] : [never]
) => Actual

const guard = requireSignedUser(links)
const app = express()

app.get('/users/:name', guard, express.json(), (req, res) => {
  const user = expectType<FeatKitUser>()(getPortalUser(req))
  expectType<FeatKitUser | undefined>()(res.locals.portalUser)
  expectType<string>()(req.params.name)
  // @ts-expect-error -- the user is read-only
  user.id = 'eve'
})

express.Router().use(guard, (req) => void expectType<FeatKitUser>()(getPortalUser(req)))

const wrapped: RequestHandler = (req, res, next) => guard(req, res, next)
app.get('/list', [guard, wrapped], (req: Request, _res: Response) => void getPortalUser(req))

app.use(guard as RequestHandler) // its locals are narrower
app.get('/', (req: Request) => {
  expectType<PortalUser | undefined>()(req.portalUser)
  expectType<PortalAuth | undefined>()(req.portalAuth)
  expectType<PortalUser>()(getPortalUser(req))
})

const several = requireSignedUser([links, requests, surveys], {
  onVerified: ({ user }) => void expectType<'featkit' | 'fdback' | 'harlyy'>()(user.scheme),
  tenant: (req) => expectType<Request>()(req).get('host'),
})
app.use(several, (req) => {
  const user = expectType<FeatKitUser | FdbackUser | HarlyyUser>()(getPortalUser(req))
  if (user.scheme === 'harlyy') expectType<string>()(user.nonce)
})

signEndpoint(links, { user: (req) => ({ id: expectType<Request>()(req).ip ?? '', name: null }) })
// @ts-expect-error -- FeatKit knows its users by an id
signEndpoint(links, { user: () => ({ email: 'a@b.co' }) })
// @ts-expect-error -- there is no user to sign
signEndpoint(links, {})
// @ts-expect-error -- there is no such option
requireSignedUser(links, { mod: 'optional' })
// @ts-expect-error -- there are two modes
requireSignedUser(links, { mode: 'sometimes' })
