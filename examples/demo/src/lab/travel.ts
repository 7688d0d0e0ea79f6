import type { Signed } from '@countersign/express'
import type { WireRequest } from '@countersign/testing'
import type { Format } from '../formats'

/** What travels to the portal, as text that can be shown and edited: a URL, or a request with a body. */
export function travelText(sent: Pick<Signed, 'url' | 'headers' | 'body'>): string {
  if (sent.body === undefined) return sent.url
  return requestText(sent.url, Object.entries(sent.headers ?? {}), sent.body)
}

/** The same for a request that the test kit made. */
export function mintedText(
  { query, headers, body }: WireRequest,
  { path, flow }: Format,
  portalOrigin: string,
): string {
  const url = portalOrigin + path
  if (body) {
    const signed = headers.filter(([name]) => name !== 'content-type')
    return requestText(url, signed, Buffer.from(body).toString('utf8'))
  }
  return `${url}?${query}${flow === 'frame' ? '&embed=true' : ''}`
}

function requestText(
  url: string,
  headers: readonly (readonly [string, string])[],
  body: string,
): string {
  const lines = headers.map(([name, value]) => `${name}: ${value}`)
  return [`POST ${url} HTTP/1.1`, ...lines, '', body].join('\n')
}
