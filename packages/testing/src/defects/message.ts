import { LIMITS, type Portal } from '@countersign/core'
import { headerNames, isMessage, parameterOf } from '../minting/format'
import type { Material } from '../minting/material'
import { replyText } from '../minting/place'
import type { WireHeader, WireRequest } from '../minting/request'
import { rows, type Recipe } from './defect'
import { inParameter, otherCase, signMessage, validJson, validMessage } from './pieces'

type Part = 'tenant' | 'timestamp' | 'signature'

/** Valid but for one of its headers. */
const header = (part: Part, change: (header: WireHeader) => readonly WireHeader[]): Recipe => ({
  needs: isMessage,
  make(material) {
    const changed = headerNames(material.portal)?.[part]
    const request = material.placeAsUsual(material.valid)
    const headers = request.headers.flatMap((each) => (each[0] === changed ? change(each) : [each]))
    return { ...request, headers }
  },
})

const without = (part: Part): Recipe => header(part, () => [])
const twice = (part: Part): Recipe => header(part, (each) => [each, each])

const message = (make: Recipe['make'], needs = isMessage): Recipe => ({ needs, make })

const content = (name: string, value: string): Recipe =>
  message((material) => {
    const request = material.placeAsUsual(material.valid)
    const others = request.headers.filter(([each]) => each !== name)
    return { ...request, headers: [...others, [name, value]] }
  })

/** Signed with another time. */
const timestamp = (write: (digits: string) => string): Recipe =>
  message((material) => {
    const written = write(validMessage(material).timestamp)
    return material.placeAsUsual(signMessage(material, { timestamp: written }))
  })

/** Signed with another body. */
const body = (write: (json: string, portal: Portal) => string): Recipe =>
  message((material) => {
    const text = write(validJson(material), material.portal)
    return material.placeAsUsual(signMessage(material, { body: Buffer.from(text) }))
  })

/** Names another tenant than the one whose secret signed. */
const tenant = (write: (name: string) => string, needs = isMessage): Recipe =>
  message((material) => {
    const valid = validMessage(material)
    return material.placeAsUsual({ ...valid, tenant: write(valid.tenant) })
  }, needs)

const changedBody = (change: (body: Uint8Array) => Uint8Array): Recipe =>
  message((material) => {
    const valid = validMessage(material)
    return material.placeAsUsual({ ...valid, body: change(valid.body) })
  })

type Reply = Readonly<Record<string, object>>

/** The whole reply of a sign endpoint in the query parameter. */
const reply = (write: (reply: Reply) => string): Recipe => ({
  needs: (portal) => isMessage(portal) && parameterOf(portal) !== undefined,
  make(material) {
    const names = headerNames(material.portal)
    const text = names ? replyText(names, validMessage(material)) : ''
    const parsed = JSON.parse(Buffer.from(text, 'base64').toString('utf8')) as never // as replyText has written it
    return inParameter(material, write(parsed))
  },
})

/** A name matters only where a secret depends on it. */
const hasTenant = (portal: Portal): boolean =>
  isMessage(portal) && (portal.audience !== null || portal.keys.known === null)

export const messageRows = {
  ...rows('credential_missing', 'a way in', {
    missingTenantHeader: ['without the tenant’s header', without('tenant')],
    missingSignatureHeader: ['without the signature’s header', without('signature')],
    missingTimestampHeader: ['without the timestamp’s header', without('timestamp')],
    emptySignatureHeader: ['with an empty signature', header('signature', ([n]) => [[n, '']])],
  }),
  ...rows('credential_ambiguous', 'strictness', {
    duplicateSignatureHeader: ['with the signature’s header twice', twice('signature')],
    duplicateTenantHeader: ['with the tenant’s header twice', twice('tenant')],
  }),
  ...rows('signature_invalid', 'a way in', {
    otherTenant: ['that names another tenant', tenant((name) => `${name}-other`, hasTenant)],
    bodyChanged: ['whose body is one byte longer than signed', changedBody(withLineBreak)],
    bodyReserialised: ['whose body was parsed and written again', changedBody(prettyPrinted)],
    otherTenantCase: ['that names its tenant in another case', tenant(otherCase, hasTenant)],
    bodyReplaced: ['with a replacement character in its body', message(replacedByte)],
  }),
  ...rows('token_malformed', 'a way in', {
    movedBoundary: ['with a part of its body in the timestamp', message(movedBoundary)],
    timestampWord: ['whose timestamp is `NaN`', timestamp(() => 'NaN')],
  }),
  ...rows('token_malformed', 'strictness', {
    malformedTenant: ['whose tenant has a quote in its name', tenant((name) => `${name}'`)],
    timestampFraction: ['whose timestamp is a fraction', timestamp((digits) => `${digits}.0`)],
    garbledReply: ['in a parameter that is not base64', reply(() => '***')],
    tenantTooLong: ['whose tenant has too long a name', tenant(() => 'w'.repeat(256))],
    timestampSign: ['whose timestamp has a plus sign', timestamp((digits) => `+${digits}`)],
    timestampZero: ['whose timestamp begins with 0', timestamp((digits) => `0${digits}`)],
    timestampHex: ['whose timestamp is in hex', timestamp(inHex)],
    timestampDate: ['whose timestamp is a date in words', timestamp(inWords)],
    timestampSpace: ['whose timestamp contains a space', timestamp(spaced)],
    timestampTooLong: ['whose timestamp has 17 digits', timestamp((it) => it.padEnd(17, '0'))],
    replyMember: ['with one member more', reply((it) => base64({ ...it, token: 'x' }))],
    replyHeader: ['with one header more', reply(withHeader)],
  }),
  ...rows('body_too_large', 'strictness', {
    bodyTooLarge: ['whose body is too large', body((json) => padded(json, LIMITS.body + 1))],
  }),
  ...rows('unsupported_encoding', 'strictness', {
    compressedBody: ['that says its body is compressed', content('content-encoding', 'gzip')],
    foreignCharset: [
      'that says its body is not UTF-8',
      content('content-type', 'application/json; charset=utf-16le'),
    ],
  }),
  ...rows('claims_invalid', 'strictness', {
    timestampMember: ['whose body contains a time as well', body(withTime)],
  }),
  ...rows('token_malformed', 'a broken promise', {
    emptyBody: ['with an empty body', body(() => '')],
    formBody: ['whose body is a form instead of JSON', body(asForm)],
  }),
}

function inHex(digits: string): string {
  return `0x${Number(digits).toString(16)}`
}

function inWords(digits: string): string {
  return new Date(Number(digits)).toISOString()
}

function spaced(digits: string): string {
  return `${digits.slice(0, 4)} ${digits.slice(4)}`
}

function asForm(json: string): string {
  return new URLSearchParams(JSON.parse(json) as Record<string, string>).toString() // a flat object
}

function withTime(json: string, { scheme }: Portal): string {
  return `${json.slice(0, -1)},${JSON.stringify(scheme.claims.issuedAt?.claim)}:1}`
}

function withHeader(parsed: Reply): string {
  return base64({ ...parsed, headers: { ...parsed['headers'], 'x-admin': '1' } })
}

function withLineBreak(bytes: Uint8Array): Buffer {
  return Buffer.concat([bytes, Buffer.from('\n')])
}

/** White space in JSON has no meaning, but it has a size. @param length in bytes */
function padded(json: string, length: number): string {
  return `${json.slice(0, -1)}${' '.repeat(length - Buffer.byteLength(json))}}`
}

function base64(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64')
}

/** What is signed stays the same to the byte. */
function movedBoundary(material: Material): WireRequest {
  const json = `{"x":".",${validJson(material).slice(1)}`
  const message = signMessage(material, { body: Buffer.from(json) })
  const [start, end] = ['{"x":"', json.slice('{"x":".'.length)]
  return material.placeAsUsual({
    ...message,
    timestamp: `${message.timestamp}.${start}`,
    body: Buffer.from(end),
  })
}

function prettyPrinted(bytes: Uint8Array): Buffer {
  return Buffer.from(JSON.stringify(JSON.parse(Buffer.from(bytes).toString('utf8')), null, 2))
}

/** For a verifier that makes text of the body, and bytes of the text. */
function replacedByte(material: Material): WireRequest {
  const start = Buffer.from(`${validJson(material).slice(0, -1)},"x":"`)
  const end = Buffer.from('"}')
  const signed = signMessage(material, { body: Buffer.concat([start, Buffer.from([0xff]), end]) })
  const replaced = Buffer.concat([start, Buffer.from('\uFFFD'), end])
  return material.placeAsUsual({ ...signed, body: replaced })
}
