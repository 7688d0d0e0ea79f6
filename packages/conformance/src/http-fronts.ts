import { inspect } from 'node:util'
import { requireSignedUser as forExpress } from '@countersign/express'
import { requireSignedUser as forKoa } from '@countersign/koa'
import type { VerificationError } from '@countersign/core'
import { PATH } from './catalogue'
import type { Answer, Front, Handled } from './front'
import { sendRaw, type RawRequest } from '@countersign/testing'
import {
  serveExpress,
  serveKoa,
  type ExpressMajor,
  type KoaMajor,
  type RunningServer,
} from './servers'

export function expressFront(major: ExpressMajor): Front {
  return {
    name: `Express ${major}`,
    async open(portal, options = {}) {
      const witness = createWitness()
      const guard = forExpress(portal, { ...options, ...witness.observers })
      const server = await serveExpress(major, (app) =>
        app.use(PATH, guard, (req, res) => {
          const { portalUser: user, portalAuth: auth } = req
          const urls = [req.url, req.originalUrl, inspect(req.query)]
          witness.handled({ user, auth, urls })
          res.json(user)
        }),
      )
      return session(server, witness, [portal, guard])
    },
  }
}

export function koaFront(major: KoaMajor): Front {
  return {
    name: `Koa ${major}`,
    async open(portal, options = {}) {
      const witness = createWitness()
      const guard = forKoa(portal, { ...options, ...witness.observers })
      const server = await serveKoa(major, (app) =>
        app.use(guard).use((ctx) => {
          const { portalUser: user, portalAuth: auth } = ctx.state
          const urls = [ctx.url, ctx.originalUrl, ctx.href, ctx.req.url ?? '', inspect(ctx.query)]
          witness.handled({ user, auth, urls })
          ctx.body = user
        }),
      )
      return session(server, witness, [portal, guard])
    },
  }
}

/** Notes what one request does inside the app. */
interface Witness {
  readonly observers: {
    readonly onRejected: (error: VerificationError) => void
    readonly onRotatedKey: () => void
  }
  handled(seen: Handled): void
  /** Forgets, and says what there was. */
  report(): Pick<Answer, 'error' | 'handled' | 'rotated'>
}

function createWitness(): Witness {
  let errors: VerificationError[] = []
  let handled: Handled[] = []
  let rotations = 0
  return {
    observers: {
      onRejected: (error) => void errors.push(error),
      onRotatedKey: () => void rotations++,
    },
    handled: (seen) => void handled.push(seen),
    report() {
      if (errors.length + handled.length > 1) throw new Error('One request, more than one outcome')
      const seen = { error: errors[0], handled: handled[0], rotated: rotations > 0 }
      errors = []
      handled = []
      rotations = 0
      return seen
    },
  }
}

function session(server: RunningServer, witness: Witness, held: readonly unknown[]) {
  let busy = false
  return {
    async send(request: RawRequest): Promise<Answer> {
      if (busy) throw new Error('One request at a time')
      busy = true
      const response = await sendRaw(server.port, request)
      busy = false
      const seen = witness.report()
      return { status: response.status, code: seen.error?.code ?? null, response, ...seen }
    },
    close: () => server.close(),
    parts: held.flat() as object[], // portals and middleware
  }
}
