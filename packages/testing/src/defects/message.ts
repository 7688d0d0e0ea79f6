import { LIMITS, type Portal } from '@countersign/core'
import { headerNames, isMessage } from '../minting/format'
import type { WireHeader } from '../minting/request'
import { otherCase } from './claims'
import { rows, type Recipe } from './defect'

type Part = 'tenant' | 'timestamp' | 'signature'

/** Valid but for one of its headers, which is sent so many times. */
const times = (count: number, part: Part): Recipe => ({
  needs: isMessage,
  request(request, { portal }) {
    const name = headerNames(portal)?.[part]
    const headers = request.headers.flatMap((each) =>
      each[0] === name ? Array<WireHeader>(count).fill(each) : [each],
    )
    return { ...request, headers }
  },
})

const content = (name: string, value: string): Recipe => ({
  needs: isMessage,
  request(request) {
    const others = request.headers.filter(([each]) => each !== name)
    return { ...request, headers: [...others, [name, value]] }
  },
})

/** Signed with another body. */
const body = (json: Required<Recipe>['json']): Recipe => ({ json, needs: isMessage })

/** Names another tenant than the one whose secret signed. */
const tenant = (write: (name: string) => string, needs = isMessage): Recipe => ({
  needs,
  message: (message) => ({ tenant: write(message.tenant) }),
})

/** With another body than was signed. */
const changedBody = (write: (json: string) => string): Recipe => ({
  message: (message) => ({ body: Buffer.from(write(Buffer.from(message.body).toString('utf8'))) }),
})

/** The whole reply of a sign endpoint in the query parameter. */
const reply = (value: Required<Recipe>['value']): Recipe => ({ value, needs: isMessage })

/** A name matters only where a secret depends on it. */
const hasTenant = (portal: Portal): boolean =>
  isMessage(portal) && (portal.audience !== null || portal.keys.known === null)

/** What is signed stays the same to the byte. */
const movedBoundary: Recipe = {
  json: (json) => `{"x":".",${json.slice(1)}`,
  message: (message) => ({
    timestamp: `${message.timestamp}.{"x":"`,
    body: message.body.subarray('{"x":".'.length),
  }),
}

/** For a verifier that makes text of the body, and bytes of the text. */
const replacedByte: Recipe = {
  json: (json) => Buffer.from(`${json.slice(0, -1)},"x":"\xFF"}`, 'latin1'),
  ...changedBody((text) => text),
}

export const messageRows = {
  ...rows('credential_missing', 'a way in', {
    missingTenantHeader: ['without the tenant’s header', times(0, 'tenant')],
    missingSignatureHeader: ['without the signature’s header', times(0, 'signature')],
    missingTimestampHeader: ['without the timestamp’s header', times(0, 'timestamp')],
  }),
  ...rows('credential_ambiguous', 'strictness', {
    duplicateSignatureHeader: ['with the signature’s header twice', times(2, 'signature')],
  }),
  ...rows('signature_invalid', 'a way in', {
    otherTenant: ['that names another tenant', tenant((name) => `${name}-other`, hasTenant)],
    bodyChanged: ['whose body is one byte longer than signed', changedBody((it) => `${it}\n`)],
    bodyReserialised: [
      'whose body was parsed and written again',
      changedBody((json) => JSON.stringify(JSON.parse(json), null, 2)),
    ],
    otherTenantCase: ['that names its tenant in another case', tenant(otherCase, hasTenant)],
    bodyReplaced: ['with a replacement character in its body', replacedByte],
  }),
  ...rows('token_malformed', 'a way in', {
    movedBoundary: ['with a part of its body in the timestamp', movedBoundary],
    timestampWord: ['whose timestamp is `NaN`', { timestamp: () => 'NaN' }],
  }),
  ...rows('token_malformed', 'strictness', {
    malformedTenant: ['whose tenant has a quote in its name', tenant((name) => `${name}'`)],
    garbledReply: ['in a parameter that is not base64', reply(() => '***')],
    replyMember: ['with one member more', reply(withMember)],
    timestampFraction: ['whose timestamp is a fraction', { timestamp: (it) => `${it}.0` }],
    timestampSign: ['whose timestamp has a plus sign', { timestamp: (it) => `+${it}` }],
    timestampTooLong: ['whose timestamp has 17 digits', { timestamp: (it) => it.padEnd(17, '0') }],
  }),
  ...rows('body_too_large', 'strictness', {
    bodyTooLarge: ['whose body is too large', body(tooLarge)],
  }),
  ...rows('unsupported_encoding', 'strictness', {
    compressedBody: ['that says its body is compressed', content('content-encoding', 'gzip')],
    foreignCharset: [
      'that says its body is not UTF-8',
      content('content-type', 'application/json; charset=utf-16le'),
    ],
  }),
  ...rows('claims_invalid', 'strictness', {
    timestampMember: [
      'whose body contains a time as well',
      body((json, { portal }) => {
        const { claim } = portal.scheme.claims.issuedAt ?? {}
        return `${json.slice(0, -1)},${JSON.stringify(claim)}:1}`
      }),
    ],
  }),
  ...rows('token_malformed', 'a broken promise', {
    emptyBody: ['with an empty body', body(() => '')],
    formBody: ['whose body is a form instead of JSON', body(asForm)],
  }),
}

function withMember(text: string): string {
  const parsed = JSON.parse(Buffer.from(text, 'base64').toString('utf8')) as object // as it was written
  return Buffer.from(JSON.stringify({ ...parsed, token: 'x' })).toString('base64')
}

/** White space in JSON has no meaning, but it has a size. */
function tooLarge(json: string): string {
  return `${json.slice(0, -1)}${' '.repeat(LIMITS.body + 1 - Buffer.byteLength(json))}}`
}

function asForm(json: string): string {
  return new URLSearchParams(JSON.parse(json) as Record<string, string>).toString() // a flat object
}
