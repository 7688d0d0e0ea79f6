import { createServer } from 'node:http'
import { createGuard } from '@countersign/core'
import { closeAfter, NodeView } from '@countersign/core/node'

/** A board on `node:http` alone. */
export function createBoard(portal, { now }) {
  const guard = createGuard(portal, { now })
  return createServer(async (req, res) => {
    const target = req.url
    if (!/^\/board(?:\?|$)/.test(target)) return res.writeHead(404).end()
    const decision = await guard.decide(new NodeView(req, {}, target, req))
    if (decision.pass) {
      const headers = Object.fromEntries(decision.headers ?? [])
      return res.writeHead(200, headers).end(decision.verified?.user.id)
    }
    const { status, headers, body } = closeAfter(res, decision.response)
    res.writeHead(status, headers).end(body)
  })
}
