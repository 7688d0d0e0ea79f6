import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pipeline, Readable } from 'node:stream'
import {
  createGuard,
  memoryReplayStore,
  type PortalAuth,
  type ReplayStore,
} from '@countersign/core'
import { NodeView, settleOnAnswer } from '@countersign/core/node'
import { harlyy } from '@countersign/core/schemes'
import { forgeOnce } from '../support/forge'
import { NOW, now } from '../support/request'
import { CURRENT } from '../support/secrets'

// Handlers, stores and clients that fail in every way. An exception or a rejection that is not
// handled fails the test: Jest reports it.

const breaking = (): Readable =>
  new Readable({
    read() {
      this.destroy(new Error('broken'))
    },
  })

const HANDLERS: readonly ((res: ServerResponse, auth: PortalAuth | undefined) => unknown)[] = [
  (res) => res.end('done'),
  (res) => res.writeHead(500).end('broken'),
  (res) => (res.write('x'), setImmediate(() => res.end())),
  (res) => (res.end('x'), res.end(), res.destroy()),
  (res) => (res.end('x'), res.socket?.destroy()),
  (res) => (res.write('x'), res.destroy(new Error('broken'))),
  (res) => res.destroy(),
  (res) => res.socket?.destroy(),
  (res) => pipeline(breaking(), res, () => undefined),
  (res, auth) =>
    auth?.consume().then(
      () => res.end(),
      () => res.destroy(),
    ),
  (res) => setTimeout(() => res.end('late'), 5),
]

/** How the operations of a store fail. */
const TROUBLES: Readonly<Record<string, () => unknown>> = {
  rejects: () => Promise.reject(new Error('no connection')),
  'never answers': () => new Promise(() => undefined),
  'rejects late': () => new Promise((_, reject) => setTimeout(() => reject(new Error('late')), 30)),
  throws: () => {
    throw new Error('closed')
  },
  'answers unclearly': () => Promise.resolve('perhaps'),
}

/** Two stores: one fails when a lease ends, the other already when it is asked for. */
function failing(trouble: () => unknown): ReplayStore[] {
  const { leases, ...store } = memoryReplayStore({ now })
  const ends = { ...leases, commit: trouble, release: trouble }
  return [ends, { ...ends, reserve: trouble }].map(
    (each) => ({ ...store, leases: each }) as unknown as ReplayStore, // wrong on purpose
  )
}

/** Sends a POST. @returns when it has been answered, or the connection is gone */
function post(port: number, path: string, hangUpAfter?: number): Promise<void> {
  return new Promise((resolve) => {
    const sent = request({ port, path, method: 'POST', agent: false }, (response) => {
      response.resume().on('error', () => undefined)
    })
    sent.on('error', () => undefined).on('close', resolve)
    sent.end()
    if (hangUpAfter !== undefined) setTimeout(() => sent.destroy(), hangUpAfter)
  })
}

const STORES: readonly (readonly [string, readonly ReplayStore[]])[] = [
  ['works', [memoryReplayStore({ now })]],
  ...Object.entries(TROUBLES).map(([name, trouble]) => [name, failing(trouble)] as const),
]

it.each(STORES)('nothing is thrown or left unhandled where the store %s', async (_name, stores) => {
  jest.spyOn(process, 'emitWarning').mockImplementation() // of the faults
  let nonce = 0
  let handled = 0
  for (const replayStore of stores) {
    const options = { now, replayStore, consume: { lease: 30 }, storeDeadline: 0.01 }
    const guard = createGuard(harlyy({ secret: CURRENT }), options)
    const answer = async (req: IncomingMessage, res: ServerResponse): Promise<unknown> => {
      const decision = await guard.decide(new NodeView(req, {}, req.url ?? '/', req))
      if (!decision.pass) return res.writeHead(decision.response.status).end()
      if (decision.reservation) settleOnAnswer(res, decision.reservation)
      handled++
      return HANDLERS[Number(req.url?.match(/\d+/)?.[0])]?.(res, decision.verified?.auth)
    }
    const server = createServer((req, res) => {
      res.on('error', () => undefined)
      void answer(req, res)
    })
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo // a TCP server
    for (const index of HANDLERS.keys()) {
      for (const hangUpAfter of [undefined, 1]) {
        const link = forgeOnce({ nonce: `n${nonce++}`, exp: NOW + 60_000 })
        const path = `/${index}?sig=${encodeURIComponent(link)}`
        await Promise.all([post(port, path, hangUpAfter), post(port, path), post(port, path)])
      }
    }
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  await new Promise((resolve) => setTimeout(resolve, 60)) // for what comes late
  expect(handled).toBeGreaterThanOrEqual(2 * HANDLERS.length)
  jest.restoreAllMocks()
})
