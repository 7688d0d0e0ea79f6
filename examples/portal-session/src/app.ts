import { promisify } from 'node:util'
import express, {
  Router,
  type ErrorRequestHandler,
  type Express,
  type Request,
  type Response,
} from 'express'
import session, { type CookieOptions } from 'express-session'
import { exchangeSignedUser, isRejection, type ExchangeContext } from '@countersign/express'
import { framePage, page, refusalPage } from './pages'
import { portal, sessionSecret } from './portal'

const inTab = { httpOnly: true, secure: true, sameSite: 'lax' } as const
const inFrame = { httpOnly: true, secure: true, sameSite: 'none', partitioned: true } as const

async function establish(
  user: { readonly id: string },
  req: Request,
  { link, previous }: ExchangeContext,
): Promise<void> {
  await promisify(req.session.regenerate.bind(req.session))()
  const notice = previous ? `You were ${previous.id} before.` : undefined
  req.session.visitor = { id: user.id, link, notice }
}

function sessions(name: string, cookie: CookieOptions) {
  return session({ name, secret: sessionSecret, resave: false, saveUninitialized: false, cookie })
}

const current = (req: Request) => req.session.visitor

const tab = Router().use(
  sessions('tab', inTab),
  exchangeSignedUser(portal, { establish, current, cookie: inTab, rejections: 'forward' }),
  (req: Request, res: Response) => {
    res.send(page(req.session.visitor))
  },
)

/** Two cookies, because a partitioned cookie is separate for each site that shows the frame. */
const frame = Router().use(
  sessions('frame', inFrame),
  exchangeSignedUser(portal, {
    ...{ establish, current, session: 'frame', cookie: inFrame },
    redirectTo: '/p/acme?embed=true&signed-in',
    rejections: 'forward',
  }),
  (req: Request, res: Response) => {
    res.send(framePage(req.session.visitor, 'signed-in' in req.query))
  },
)

const refused: ErrorRequestHandler = (error: unknown, _req, res, next) => {
  if (!isRejection(error)) return next(error)
  res.status(error.status).set(error.headers).set('cache-control', 'no-store')
  res.send(refusalPage(error.code === 'token_expired'))
}

export const app: Express = express()
app.set('trust proxy', 'loopback') // `secure` cookies need to know about the TLS in front
app.use('/p/acme', (req, res, next) =>
  (req.query['embed'] === 'true' ? frame : tab)(req, res, next),
)
app.use(refused)
