import type { MessageNames, Portal, SignedMessage } from '@countersign/core'
import { readAtOnce } from './read-at-once'

/** A signed message as the whole reply of a sign endpoint: standard base64 of its JSON. */
export function replyOf(names: MessageNames, sent: SignedMessage): string {
  const { tenant, timestamp, signature, body } = sent
  const headers = {
    [names.tenant]: tenant,
    [names.timestamp]: timestamp,
    [names.signature]: signature,
  }
  const reply = { url: '', headers, body: Buffer.from(body).toString('utf8'), expiresAt: 0 }
  return Buffer.from(JSON.stringify(reply)).toString('base64')
}

/** The query parameter in which a portal also reads such a reply. */
export function replyParameter({ scheme }: Portal, names: MessageNames): string | undefined {
  const sample = { tenant: 'a', timestamp: '1', signature: 'c', body: Buffer.from('{}') }
  const value = encodeURIComponent(replyOf(names, sample))
  return scheme.carrier.parameters.find((parameter) => {
    const read = readAtOnce(scheme.carrier, { query: `${parameter}=${value}` })
    return typeof read === 'object' && read.place === `?${parameter}`
  })
}
