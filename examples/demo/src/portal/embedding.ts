import type { Request } from 'express'

/** Whether the page is asked for as part of another site's page. SeggWat has such a mode. */
export function isEmbedded(req: Request): boolean {
  return req.originalUrl.startsWith('/seggwat/') && req.query['embed'] === 'true'
}
