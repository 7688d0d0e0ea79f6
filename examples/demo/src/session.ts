import { createSecretKey } from 'node:crypto'
import type { CookieOptions, Request, Response } from 'express'
import jwt from 'jsonwebtoken'

export interface SessionOptions {
  /** The name of the cookie. A cookie of one name is never read as another. */
  readonly name: string
  readonly secret: string
  /** Where the browser sends the cookie. @default '/' */
  readonly path?: string
  /** Seconds. */
  readonly lifetime: number
  /** Where browsers reach the site. */
  readonly origin: string
  /**
   * Whether its pages are shown in a frame on another site. A browser keeps a `SameSite=Lax` cookie
   * out of there; this sets the only kind that it accepts.
   */
  readonly inFrame?: boolean
  /** Milliseconds since the epoch. @default Date.now */
  readonly now?: () => number
}

/** The visitor of a site, kept in a signed cookie. */
export interface Session<Data extends object> {
  /** `null` where there is no session, or one that cannot be trusted. */
  read(req: Request): Data | null
  start(res: Response, data: Data): void
  end(res: Response): void
}

/** A session as sites usually have one: a JWT in a cookie that scripts cannot read. */
export function createSession<Data extends object>(options: SessionOptions): Session<Data> {
  const { name, secret, lifetime, now = Date.now } = options
  const key = createSecretKey(Buffer.from(secret, 'utf8'))
  const cookie = cookieOptions(options)
  const seconds = (): number => Math.floor(now() / 1000)

  return {
    read(req) {
      const sent = cookieOf(req, name)
      if (sent === undefined) return null
      try {
        const claims = jwt.verify(sent, key, {
          algorithms: ['HS256'],
          audience: name,
          clockTimestamp: seconds(),
        })
        return (claims as { data: Data }).data // `start` below wrote it
      } catch {
        return null
      }
    },
    start(res, data) {
      const claims = { data, aud: name, iat: seconds(), exp: seconds() + lifetime }
      res.cookie(name, jwt.sign(claims, key), { ...cookie, maxAge: lifetime * 1000 })
    },
    end(res) {
      res.clearCookie(name, cookie)
    },
  }
}

function cookieOptions({ path = '/', origin, inFrame }: SessionOptions): CookieOptions {
  const common = { path, httpOnly: true }
  // browsers accept `Secure` from an http origin on this machine
  if (inFrame) return { ...common, sameSite: 'none', secure: true, partitioned: true }
  return { ...common, sameSite: 'lax', secure: origin.startsWith('https:') }
}

function cookieOf(req: Request, name: string): string | undefined {
  const pairs = (req.headers.cookie ?? '').split(/; */)
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1)
}
