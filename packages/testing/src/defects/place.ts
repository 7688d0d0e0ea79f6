import { LIMITS, type MessageNames, type Portal } from '@countersign/core'
import { credentialHeaders, headerNames, isMessage, isText, parameterOf } from '../minting/format'
import { pair, place } from '../minting/place'
import type { WireHeader } from '../minting/request'
import { rows, type Recipe } from './defect'

const isCompact = ({ scheme }: Portal): boolean => scheme.codec.compact

const emptyBearer: Recipe = {
  needs: (portal, guard) => isCompact(portal) && guard.bearer === true,
  request: ({ method }) => ({ method, query: '', headers: [['authorization', 'Bearer']] }),
}

const inTwoPlaces: Recipe = {
  needs: (portal, guard) =>
    isCompact(portal) ? guard.bearer === true : parameterOf(portal) !== undefined,
  request(request, { portal, valid }) {
    const carrier = isMessage(portal) ? 'parameter' : 'bearer'
    const { query, headers } = place(portal, valid, { carrier })
    return {
      ...request,
      query: query || request.query,
      headers: [...request.headers, ...headers],
    }
  },
}

/** White space in JSON has no meaning, but it has a size. */
const padded = (json: string, length: number): string =>
  `${json.slice(0, -1)}${' '.repeat(length)}}`

/** The valid request without its credential. */
const missing: Recipe = {
  request({ headers, body, ...request }, { portal }) {
    const isForm = portal.scheme.carrier.output === 'form' // the credential is in the body
    const own = credentialHeaders(portal)
    const others = headers.filter(([name]) => !own.includes(name.toLowerCase()))
    return { ...request, query: '', headers: others, body: isForm ? undefined : body }
  },
}

/** Valid but for one part of a message, or all headers of a credential, sent so many times. */
const times = (count: number, part?: keyof MessageNames): Recipe => ({
  needs: part ? isMessage : (portal) => credentialHeaders(portal).length > 0,
  request(request, { portal }) {
    const names = part ? [headerNames(portal)?.[part].toLowerCase()] : credentialHeaders(portal)
    const headers = request.headers.flatMap((each) =>
      names?.includes(each[0].toLowerCase()) ? Array<WireHeader>(count).fill(each) : [each],
    )
    return { ...request, headers }
  },
})

export const placeRows = {
  ...rows('credential_missing', 'a way in', {
    missing: ['a request without a credential', missing],
    emptyParameter: ['a request whose parameter is empty', { query: (name) => `${name}=` }],
  }),
  ...rows('credential_ambiguous', 'strictness', {
    duplicateParameter: [
      'a request with the parameter twice',
      { query: (name, text) => `${pair(name, text)}&${pair(name, text)}` },
    ],
    bracketedParameter: [
      'a request whose parameter is a list',
      { query: (name, text) => pair(`${name}[]`, text) },
    ],
    duplicateHeader: ['with each of its headers twice', times(2)],
    twoCarriers: ['a request with a credential in two places', inTwoPlaces],
  }),
  ...rows('token_malformed', 'a way in', {
    emptyBearer: ['a request with nothing after `Bearer`', emptyBearer],
  }),
  ...rows('token_malformed', 'strictness', {
    brokenPercent: [
      'a request with broken percent-encoding',
      { query: (name, text) => `${pair(name, text)}%ff` },
    ],
    overLong: [
      'a request that is valid and too long',
      { needs: isText, json: (json) => padded(json, LIMITS.credential), query: pair },
    ],
  }),
}

/** Names another tenant than the one whose secret signed. */
const tenant = (write: (name: string) => string): Recipe => ({
  message: (message) => ({ tenant: write(message.tenant) }),
})

/** A name matters only where a secret depends on it. */
const hasTenant = ({ audience, keys }: Portal): boolean => audience !== null || keys.known === null

/** With another body than was signed. */
const changedBody = (write: (json: string) => string): Recipe => ({
  message: (message) => ({ body: Buffer.from(write(Buffer.from(message.body).toString('utf8'))) }),
})

/** What is signed stays the same to the byte. */
const movedBoundary: Recipe = {
  json: (json) => `{"x":".",${json.slice(1)}`,
  message: (message) => ({
    timestamp: `${message.timestamp}.{"x":"`,
    body: message.body.subarray('{"x":".'.length),
  }),
}

const tooLarge: Recipe = {
  needs: isMessage,
  json: (json) => padded(json, LIMITS.body + 1 - Buffer.byteLength(json)),
}

const compressed: Recipe = {
  needs: isMessage,
  request: (request) => ({
    ...request,
    headers: [...request.headers, ['content-encoding', 'gzip']],
  }),
}

/** The time of a message is in a header, and nowhere else. */
const timeInBody: Recipe = {
  needs: isMessage,
  json: (json, { portal }) =>
    `${json.slice(0, -1)},${JSON.stringify(portal.scheme.claims.issuedAt?.claim)}:1}`,
}

/** Of a signed message: headers, and the body that they sign. */
export const messageRows = {
  ...rows('credential_missing', 'a way in', {
    missingTenantHeader: ['without the tenant’s header', times(0, 'tenant')],
    missingSignatureHeader: ['without the signature’s header', times(0, 'signature')],
    missingTimestampHeader: ['without the timestamp’s header', times(0, 'timestamp'), 'rare'],
  }),
  ...rows('signature_invalid', 'a way in', {
    otherTenant: [
      'that names another tenant',
      { ...tenant((name) => `${name}-other`), needs: hasTenant },
    ],
    bodyChanged: ['whose body is one byte longer than signed', changedBody((it) => `${it}\n`)],
    bodyReserialised: [
      'whose body was parsed and written again',
      changedBody((json) => JSON.stringify(JSON.parse(json), null, 2)),
    ],
  }),
  ...rows('token_malformed', 'a way in', {
    movedBoundary: ['with a part of its body in the timestamp', movedBoundary],
  }),
  ...rows('token_malformed', 'strictness', {
    malformedTenant: ['whose tenant has a quote in its name', tenant((name) => `${name}'`)],
    garbledReply: [
      'in a parameter that is not base64',
      { query: (name) => `${name}=***`, needs: isMessage },
    ],
  }),
  ...rows('body_too_large', 'strictness', { bodyTooLarge: ['whose body is too large', tooLarge] }),
  ...rows('unsupported_encoding', 'strictness', {
    compressedBody: ['that says its body is compressed', compressed],
  }),
  ...rows('claims_invalid', 'strictness', {
    timestampMember: ['whose body contains a time as well', timeInBody],
  }),
}
