import { LIMITS, type SignedMessage } from '@countersign/core'
import type { WireHeader, WireRequest } from '../minted'
import type { Anatomy, MessageShape } from '../minting/anatomy'
import type { Bench } from '../minting/bench'
import { replyOf } from '../minting/reply'
import { goodJson, goodMessage, isMessage, messageOf, signMessage, withValue } from './craft'
import type { Recipe, Recipes } from './recipe'

/** Right, but for its headers. */
const headers = (
  change: (header: WireHeader, part: string | undefined) => readonly WireHeader[],
): Recipe => ({
  needs: isMessage,
  how(bench) {
    const { names } = messageOf(bench)
    const request = bench.placeAsUsual(bench.good)
    return {
      ...request,
      headers: request.headers.flatMap((each) => change(each, partOf(each, names))),
    }
  },
})

const without = (part: string): Recipe => headers((header, is) => (is === part ? [] : [header]))
const twice = (part: string): Recipe =>
  headers((header, is) => (is === part ? [header, header] : [header]))
const contentHeader = (added: WireHeader): Recipe => ({
  needs: isMessage,
  how(bench) {
    const request = bench.placeAsUsual(bench.good)
    const others = request.headers.filter(([name]) => name !== added[0])
    return { ...request, headers: [...others, added] }
  },
})

/** Signed as it stands, with another time. */
const timestamp = (write: (timestamp: string) => string): Recipe => ({
  needs: isMessage,
  how: (bench) =>
    bench.placeAsUsual(signMessage(bench, { timestamp: write(goodMessage(bench).timestamp) })),
})

/** Signed as it stands, with another body. */
const body = (write: (json: string, bench: Bench) => string): Recipe => ({
  needs: isMessage,
  how: (bench) =>
    bench.placeAsUsual(signMessage(bench, { body: Buffer.from(write(goodJson(bench), bench)) })),
})

/** Changed after it was signed. */
const changed = (
  change: (sent: SignedMessage) => Partial<SignedMessage>,
  needs: Recipe['needs'] = isMessage,
): Recipe => ({
  needs,
  how(bench) {
    const sent = goodMessage(bench)
    return bench.placeAsUsual({ ...sent, ...change(sent) })
  },
})

const reply = (write: (reply: object, bench: Bench) => string): Recipe => ({
  needs: ({ message }) => message?.reply !== undefined,
  how(bench) {
    const text = replyOf(messageOf(bench).names, goodMessage(bench))
    const parsed = JSON.parse(Buffer.from(text, 'base64').toString('utf8')) as object // what replyOf has written
    return withValue(bench, encodeURIComponent(write(parsed, bench)))
  },
})

export const messageDefects: Recipes<'message'> = {
  missingTenantHeader: without('tenant'),
  missingTimestampHeader: without('timestamp'),
  missingSignatureHeader: without('signature'),
  emptySignatureHeader: headers(([name, value], part) => [
    [name, part === 'signature' ? '' : value],
  ]),
  duplicateSignatureHeader: twice('signature'),
  duplicateTenantHeader: twice('tenant'),
  otherTenant: changed(({ tenant }) => ({ tenant: `${tenant}-other` }), namesItsTenant),
  otherTenantCase: changed(({ tenant }) => ({ tenant: otherCase(tenant) }), namesItsTenant),
  malformedTenant: changed(({ tenant }) => ({ tenant: `${tenant}'` })),
  tenantTooLong: changed(() => ({ tenant: 'w'.repeat(256) })),
  timestampSign: timestamp((digits) => `+${digits}`),
  timestampZero: timestamp((digits) => `0${digits}`),
  timestampFraction: timestamp((digits) => `${digits}.0`),
  timestampHex: timestamp((digits) => `0x${Number(digits).toString(16)}`),
  timestampWord: timestamp(() => 'NaN'),
  timestampDate: timestamp((digits) => new Date(Number(digits)).toISOString()),
  timestampSpace: timestamp((digits) => `${digits.slice(0, 4)} ${digits.slice(4)}`),
  timestampTooLong: timestamp((digits) => digits.padEnd(17, '0')),
  movedBoundary: { needs: isMessage, how: movedBoundary },
  bodyChanged: changed((sent) => ({ body: Buffer.concat([sent.body, Buffer.from('\n')]) })),
  bodyReserialised: changed((sent) => ({ body: prettyPrinted(sent.body) })),
  bodyReplaced: { needs: isMessage, how: replacedByte },
  emptyBody: body(() => ''),
  formBody: body((json) =>
    new URLSearchParams(JSON.parse(json) as Record<string, string>).toString(),
  ), // a flat one
  bodyTooLarge: body((json) => padded(json, LIMITS.body + 1)),
  compressedBody: contentHeader(['content-encoding', 'gzip']),
  foreignCharset: contentHeader(['content-type', 'application/json; charset=utf-16le']),
  timestampMember: body((json, bench) => {
    const name = JSON.stringify(messageOf(bench).timestampClaim)
    return `${json.slice(0, -1)},${name}:1}`
  }),
  garbledReply: reply(() => '***'),
  replyMember: reply((parsed) => base64({ ...parsed, token: 'x' })),
  replyHeader: reply((parsed) => {
    const { headers: given } = parsed as { readonly headers: object } // as replyOf has written it
    return base64({ ...parsed, headers: { ...given, 'x-admin': '1' } })
  }),
}

/** White space counts for nothing in JSON, but for its size. @param length in bytes */
function padded(json: string, length: number): string {
  return `${json.slice(0, -1)}${' '.repeat(length - Buffer.byteLength(json))}}`
}

function base64(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64')
}

function partOf([name]: WireHeader, names: MessageShape['names']): string | undefined {
  return Object.entries(names).find(([, header]) => header === name)?.[0]
}

/** A name counts only where a secret hangs on it. */
function namesItsTenant({ message, portal }: Anatomy): boolean {
  return message !== undefined && (portal.audience !== null || portal.keys.known === null)
}

function otherCase(text: string): string {
  return text.toLowerCase() === text ? text.toUpperCase() : text.toLowerCase()
}

/** The signing input stays the same to the letter. */
function movedBoundary(bench: Bench): WireRequest {
  const json = `{"x":".",${goodJson(bench).slice(1)}`
  const sent = signMessage(bench, { body: Buffer.from(json) })
  const [head, tail] = ['{"x":"', json.slice('{"x":".'.length)]
  return bench.placeAsUsual({
    ...sent,
    timestamp: `${sent.timestamp}.${head}`,
    body: Buffer.from(tail),
  })
}

function prettyPrinted(bytes: Uint8Array): Buffer {
  return Buffer.from(JSON.stringify(JSON.parse(Buffer.from(bytes).toString('utf8')), null, 2))
}

/** What a server that makes text of the body and bytes of the text would verify. */
function replacedByte(bench: Bench): WireRequest {
  const start = Buffer.from(`${goodJson(bench).slice(0, -1)},"x":"`)
  const end = Buffer.from('"}')
  const signed = signMessage(bench, { body: Buffer.concat([start, Buffer.from([0xff]), end]) })
  return bench.placeAsUsual({
    ...signed,
    body: Buffer.concat([start, Buffer.from('\uFFFD'), end]),
  })
}
