import { createServer } from 'node:http'
import { createGuard } from '@countersign/core'
import { connectionHeaders, nodeView } from '@countersign/node'

/** A board on nothing but `node:http`. */
export function createBoard(portal, { now }) {
  const guard = createGuard(portal, { now })
  return createServer(async (req, res) => {
    const target = req.url
    if (!/^\/board(?:\?|$)/.test(target)) return res.writeHead(404).end()
    const verdict = await guard.judge(nodeView({ req, native: req, target, holder: {} }))
    if (verdict.pass) {
      return res.writeHead(200, verdict.headers).end(verdict.verified?.user.id)
    }
    const { status, headers, body } = verdict.response
    res.writeHead(status, { ...headers, ...connectionHeaders(req, status) }).end(body)
  })
}
