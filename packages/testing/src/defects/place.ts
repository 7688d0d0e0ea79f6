import { base64, bearer, LIMITS, type Portal } from '@countersign/core'
import { credentialHeaders, isMessage, isText, parameterOf } from '../minting/format'
import type { Material } from '../minting/material'
import { place, withQuery } from '../minting/place'
import type { WireHeader } from '../minting/request'
import { rows, type Recipe } from './defect'

const isCompact = ({ scheme }: Portal): boolean => scheme.codec.compact

/** A query made of the parameter's name and the percent-encoded valid credential. */
const query = (write: Required<Recipe>['query']): Recipe => ({ query: write })

/** The valid credential with other characters around it. */
const around = (value: (text: string) => string): Recipe => ({ value, needs: isCompact })

/** Only where the guard reads `Authorization` as well. */
const inBearer = (write: (sent: WireHeader) => readonly WireHeader[]): Recipe => ({
  needs: isCompact,
  when: (_, guard) => guard.bearer === true,
  request: (_, material) => ({
    ...withQuery(material.portal, '', material.options),
    headers: write(authorization(material)),
  }),
})

const headerTwice: Recipe = {
  needs: (portal) => isCompact(portal) && credentialHeaders(portal).length > 0,
  request: (request) => ({
    ...request,
    headers: request.headers.flatMap((each) => [each, each]),
  }),
}

const inTwoPlaces: Recipe = {
  needs: (portal) => isCompact(portal) || parameterOf(portal) !== undefined,
  when: (portal, guard) => guard.bearer === true || !isCompact(portal),
  request(request, material) {
    const { portal, valid } = material
    return isMessage(portal)
      ? { ...request, query: place(portal, valid, { carrier: 'parameter' }).query }
      : { ...request, headers: [...request.headers, authorization(material)] }
  },
}

const plusAsSpace: Recipe = {
  needs: (portal) => {
    const { payload, signature } = portal.scheme.codec
    return isText(portal) && [payload?.name, signature.name].includes(base64.name)
  },
  value: (text) => (text.includes('+') ? text.replaceAll('+', ' ') : undefined),
}

/** Longer by white space only, and valid in everything else. */
const overLong: Recipe = {
  needs: isText,
  value: (text) => (text.length > LIMITS.credential ? text : undefined),
}

/** The valid request without its credential. */
const missing: Recipe = {
  request({ headers, body, ...request }, { portal }) {
    const isForm = portal.scheme.carrier.output === 'form' // the credential is in the body
    const own = credentialHeaders(portal)
    const others = headers.filter(([name]) => !own.includes(name.toLowerCase()))
    return { ...request, query: '', headers: others, body: isForm ? undefined : body }
  },
}

const upperCase: Recipe = {
  needs: (portal) => /[a-z]/.test(parameterOf(portal) ?? ''),
  query: (name, value) => `${name.toUpperCase()}=${value}`,
}

export const placeRows = {
  ...rows('credential_missing', 'a way in', {
    missing: ['a request without a credential', missing],
    emptyParameter: ['a request whose parameter is empty', query((name) => `${name}=`)],
  }),
  ...rows('credential_ambiguous', 'strictness', {
    duplicateParameter: [
      'a request with the parameter twice',
      query((n, it) => `${n}=${it}&${n}=${it}`),
    ],
    bracketedParameter: [
      'a request with a list as parameter',
      query((name, it) => `${name}[]=${it}`),
    ],
    duplicateHeader: ['a request with the credential’s header twice', headerTwice],
    twoCarriers: ['a request with a credential in two places', inTwoPlaces],
    bracketedBeside: [
      'a request with a list beside it',
      query((n, it) => `${n}=${it}&${n}[]=${it}`),
    ],
    bearerTwice: ['a request with `Authorization: Bearer` twice', inBearer((sent) => [sent, sent])],
  }),
  ...rows('token_malformed', 'a way in', {
    emptyBearer: [
      'a request with nothing after `Bearer`',
      inBearer(([name]) => [[name, 'Bearer']]),
    ],
  }),
  ...rows('token_malformed', 'strictness', {
    brokenPercent: [
      'a request with broken percent-encoding',
      query((name, it) => `${name}=${it}%ff`),
    ],
    plusAsSpace: ['a request in which each `+` became a space', plusAsSpace],
    overLong: ['a request that is valid and too long', overLong],
    percentEncodedTwice: [
      'a request that is percent-encoded twice',
      query((name, it) => `${name}=%25${it.charCodeAt(0).toString(16)}${it.slice(1)}`),
    ],
    leadingSpace: ['a request with a space before the credential', around((text) => ` ${text}`)],
    trailingLineBreak: ['a request with a line break after it', around((text) => `${text}\n`)],
    trailingNul: ['a request with a NUL after the credential', around((text) => `${text}\0`)],
  }),
  ...rows('credential_missing', 'strictness', {
    upperCaseParameter: ['a request whose parameter is in upper case', upperCase],
  }),
}

function authorization({ valid }: Material): WireHeader {
  return ['authorization', bearer.write(valid as string).headers?.['authorization'] ?? ''] // a compact credential is text
}
