import { base64, bearer, LIMITS } from '@countersign/core'
import { credentialHeaders, headerNames, isMessage, isText, parameterOf } from '../minting/format'
import type { Material } from '../minting/material'
import { replyText } from '../minting/place'
import type { WireHeader, WireRequest } from '../minting/request'
import { rows, type Recipe } from './defect'
import { inParameter, joined, seek, validMessage, validParts } from './pieces'

const hasParameter: Recipe['needs'] = (portal) => parameterOf(portal) !== undefined
const isCompact: Recipe['needs'] = ({ scheme }) => scheme.codec.compact
const isTextInParameter: Recipe['needs'] = (portal) => isText(portal) && hasParameter(portal)

/** A query made of the parameter's name and the percent-encoded valid credential. */
const query = (write: (name: string, value: string) => string): Recipe => ({
  needs: hasParameter,
  make: (material) => material.withQuery(write(nameIn(material), encodedValue(material))),
})

/** The valid credential with other characters around it. */
const around = (write: (text: string) => string): Recipe => ({
  needs: (portal) => isCompact(portal) && hasParameter(portal),
  make: (material) => inParameter(material, write(compactText(material))),
})

/** Only where the guard reads `Authorization` as well. */
const inBearer = (write: (sent: WireHeader) => readonly WireHeader[]): Recipe => ({
  needs: isCompact,
  when: (_, guard) => guard.bearer === true,
  make: (material) => ({ ...material.withQuery(''), headers: write(authorization(material)) }),
})

const inUpperCase: Recipe = {
  ...query((name, value) => `${name.toUpperCase()}=${value}`),
  needs: (portal) => /[a-z]/.test(parameterOf(portal) ?? ''),
}

const headerTwice: Recipe = {
  needs: (portal) => isCompact(portal) && credentialHeaders(portal).length > 0,
  make(material) {
    const request = material.placeAsUsual(material.valid)
    return { ...request, headers: request.headers.flatMap((each) => [each, each]) }
  },
}

const inTwoPlaces: Recipe = {
  needs: (portal) => isCompact(portal) || hasParameter(portal),
  when: ({ scheme }, guard) => guard.bearer === true || !scheme.codec.compact,
  make(material) {
    const request = material.placeAsUsual(material.valid)
    return isMessage(material.portal)
      ? { ...request, query: `${nameIn(material)}=${encodedValue(material)}` }
      : { ...request, headers: [...request.headers, authorization(material)] }
  },
}

const plusAsSpace: Recipe = {
  needs: (portal) => {
    const { payload, signature } = portal.scheme.codec
    return isTextInParameter(portal) && [payload?.name, signature.name].includes(base64.name)
  },
  make(material) {
    const text = joined(seek(material, (parts) => joined(parts).includes('+')))
    return inParameter(material, text.replaceAll('+', ' '))
  },
}

export const placeRows = {
  ...rows('credential_missing', 'a way in', {
    missing: ['without a credential', { needs: () => true, make: withoutCredential }],
    emptyParameter: ['whose parameter is empty', query((name) => `${name}=`)],
    bareParameter: ['whose parameter has no value', query((name) => name)],
  }),
  ...rows('credential_ambiguous', 'strictness', {
    duplicateParameter: ['with the parameter twice', query((n, it) => `${n}=${it}&${n}=${it}`)],
    bracketedParameter: ['with a list as parameter', query((name, it) => `${name}[]=${it}`)],
    duplicateHeader: ['with the credential’s header twice', headerTwice],
    twoCarriers: ['with a credential in two places', inTwoPlaces],
    encodedDuplicate: [
      'with the parameter twice, once with an encoded name',
      query((name, it) => `${name}=${it}&%${hexOf(name)}${name.slice(1)}=${it}`),
    ],
    keyedParameter: ['with an object as parameter', query((name, it) => `${name}[a]=${it}`)],
    bracketedBeside: ['with a list beside it', query((n, it) => `${n}=${it}&${n}[]=${it}`)],
    bearerTwice: ['with `Authorization: Bearer` twice', inBearer((sent) => [sent, sent])],
  }),
  ...rows('token_malformed', 'a way in', {
    emptyBearer: ['with nothing after `Bearer`', inBearer(([name]) => [[name, 'Bearer']])],
  }),
  ...rows('token_malformed', 'strictness', {
    brokenBearer: ['with two words after `Bearer`', inBearer(([n, it]) => [[n, `${it} x`]])],
    brokenPercent: ['with broken percent-encoding', query((name, it) => `${name}=${it}%ff`)],
    plusAsSpace: ['in which each `+` became a space', plusAsSpace],
    overLong: ['that is valid and too long', { needs: isTextInParameter, make: overLong }],
    percentEncodedTwice: [
      'that is percent-encoded twice',
      query((name, it) => `${name}=%25${hexOf(it)}${it.slice(1)}`),
    ],
    leadingSpace: ['with a space before the credential', around((text) => ` ${text}`)],
    trailingLineBreak: ['with a line break after it', around((text) => `${text}\n`)],
    trailingNul: ['with a NUL after the credential', around((text) => `${text}\0`)],
  }),
  ...rows('credential_missing', 'strictness', {
    upperCaseParameter: ['whose parameter is in upper case', inUpperCase],
  }),
}

function nameIn({ portal }: Material): string {
  return parameterOf(portal) ?? ''
}

/** The valid request without its credential. */
function withoutCredential({ portal, place, valid }: Material): WireRequest {
  const { headers, body, ...request } = place(valid)
  const isForm = portal.scheme.carrier.output === 'form' // the credential is in the body
  const own = [...credentialHeaders(portal), 'authorization']
  const others = headers.filter(([name]) => !own.includes(name.toLowerCase()))
  return { ...request, query: '', headers: others, body: isForm ? undefined : body }
}

function encodedValue(material: Material): string {
  const names = headerNames(material.portal)
  const value = names ? replyText(names, validMessage(material)) : compactText(material)
  return encodeURIComponent(value)
}

/** The valid one, where `needs` has asked for a compact one. */
function compactText({ valid }: Material): string {
  return valid as string // a compact credential is text
}

function authorization(material: Material): WireHeader {
  return ['authorization', bearer.write(compactText(material)).headers?.['authorization'] ?? '']
}

function hexOf(text: string): string {
  return Buffer.from(text[0] ?? '').toString('hex')
}

/** Longer by white space only, and valid in everything else. */
function overLong(material: Material): WireRequest {
  const { payload } = material.portal.scheme.codec
  const growth = (payload?.encode(new Uint8Array(300)).length ?? 300) / 300
  const lacking = LIMITS.credential - joined(validParts(material)).length
  for (let spaces = Math.floor(lacking / growth); ; spaces++) {
    const text = joined(validParts(material, spaces))
    if (text.length > LIMITS.credential) return inParameter(material, text)
  }
}
