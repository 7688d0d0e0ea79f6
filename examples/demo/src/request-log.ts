import { EventEmitter } from 'node:events'
import { isRejection, redactUrl } from '@countersign/express'
import { REJECTIONS } from '@countersign/core'
import type { RequestHandler } from 'express'

/** A request that one of the sites has answered. No credential is in it. */
export interface LoggedRequest {
  readonly at: number
  readonly site: 'app' | 'portal'
  readonly method: string
  readonly url: string
  readonly status: number
  /** Where a redirect leads. */
  readonly to: string | null
  /** Why it was refused: the code of the answer, and what only the log may say. */
  readonly refused: { readonly code: string; readonly log: string } | null
}

/** The requests of both sites, for the timeline on the page and for the terminal. */
export interface RequestLog {
  /** Records what passes through a site. Pages of the laboratory itself are left out. */
  record(site: LoggedRequest['site']): RequestHandler
  /** Says why a request is being refused. */
  refused(error: unknown, req: unknown): void
  /**
   * Hands over the latest requests, and each one that follows.
   * @returns what ends that
   */
  follow(listener: (entry: LoggedRequest) => void): () => void
}

const KEPT = 20

/** @param print receives a line for each refusal */
export function createRequestLog(print: (line: string) => void): RequestLog {
  const entries: LoggedRequest[] = []
  const reasons = new WeakMap<object, LoggedRequest['refused']>()
  const events = new EventEmitter().setMaxListeners(0)

  function add(entry: LoggedRequest): void {
    entries.push(entry)
    if (entries.length > KEPT) entries.shift()
    const { method, url, status, refused } = entry
    if (refused) {
      const answer = `answer ${status} ${refused.code}, for your log: ${refused.log}`
      print(`  Refused  ${method} ${url}\n           ${answer}`)
    }
    events.emit('entry', entry)
  }

  return {
    record: (site) => (req, res, next) => {
      const { method, originalUrl } = req
      res.once('finish', () => {
        const to = res.getHeader('location')
        const url = redactUrl(originalUrl)
        const refused = reasons.get(req) ?? null
        const where = { to: to === undefined ? null : placeOf(String(to)), refused }
        add({ at: Date.now(), site, method, url, status: res.statusCode, ...where })
      })
      next()
    },
    refused(error, req) {
      if (!isRejection(error) || typeof req !== 'object' || req === null) return
      const { publicCode } = REJECTIONS[error.code]
      reasons.set(req, { code: publicCode, log: `${error.code}: ${error.detail}` })
    },
    follow(listener) {
      entries.forEach(listener)
      events.on('entry', listener)
      return () => void events.off('entry', listener)
    },
  }
}

/** Path and query of an address. */
function placeOf(url: string): string {
  const { pathname, search } = new URL(url, 'http://localhost')
  return redactUrl(pathname + search)
}
