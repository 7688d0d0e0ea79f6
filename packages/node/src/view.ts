import type { IncomingMessage } from 'node:http'
import type { RequestView } from '@countersign/core'
import { takeBody, type BodyHolder } from './body'

export interface NodeRequest<Native> {
  readonly req: IncomingMessage
  /** Path and query as the client sent them. */
  readonly target: string
  /** Where the framework keeps a body that was read. */
  readonly holder: BodyHolder
  /** The framework's own request. */
  readonly native: Native
}

/** The core's view of a Node request, HTTP/1 or HTTP/2. */
export function nodeView<Native>(request: NodeRequest<Native>): RequestView<Native> {
  const { req, target, holder, native } = request
  return {
    method: req.method ?? 'GET',
    target,
    headers: (name) => headerValues(req.rawHeaders, name),
    body: (limit) => takeBody(req, holder, limit),
    native,
  }
}

/** From the raw list: Node's own object joins what came twice, or keeps only the first. */
function headerValues(rawHeaders: readonly string[], name: string): string[] {
  const values: string[] = []
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const sent = rawHeaders[index] as string // within bounds
    if (sent.length === name.length && sent.toLowerCase() === name) {
      values.push(rawHeaders[index + 1] as string)
    }
  }
  return values
}
