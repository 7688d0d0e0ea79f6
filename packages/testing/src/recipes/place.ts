import { base64, bearer, LIMITS } from '@countersign/core'
import type { WireHeader, WireRequest } from '../minted'
import type { Anatomy } from '../minting/anatomy'
import type { Bench } from '../minting/bench'
import { replyOf } from '../minting/reply'
import {
  goodMessage,
  goodParts,
  inParameter,
  isText,
  joined,
  parameterOf,
  placeInParameter,
  seek,
  withValue,
} from './craft'
import type { Recipe, Recipes } from './recipe'

/** A parameter that holds a credential of one piece, or a whole reply. */
const inQuery = (anatomy: Anatomy): boolean =>
  inParameter(anatomy) || anatomy.message?.reply !== undefined
const isTextInParameter = (anatomy: Anatomy): boolean => isText(anatomy) && inParameter(anatomy)
const isCompact = ({ portal }: Anatomy): boolean => portal.scheme.codec.compact

/** A query that is made of the right one: its parameter's name, and its value percent-encoded. */
const asked = (write: (name: string, value: string) => string): Recipe => ({
  needs: inQuery,
  how: (bench) => bench.ask(write(parameterOf(bench), encodedValue(bench))),
})

const inText = (write: (text: string) => string): Recipe => ({
  needs: (anatomy) => isCompact(anatomy) && inParameter(anatomy),
  how: (bench) => placeInParameter(bench, write(compactOf(bench))),
})

/** Only where the guard looks for `Authorization` too. */
const inBearer = (write: (sent: WireHeader) => readonly WireHeader[]): Recipe => ({
  needs: isCompact,
  when: (_, guard) => guard.bearer === true,
  how: (bench) => ({ ...bench.ask(''), headers: write(authorization(bench)) }),
})

export const placeDefects: Recipes<'place'> = {
  missing: { needs: () => true, how: stranger },
  emptyParameter: asked((name) => `${name}=`),
  bareParameter: asked((name) => name),
  upperCaseParameter: {
    ...asked((name, value) => `${name.toUpperCase()}=${value}`),
    needs: (anatomy) => inQuery(anatomy) && /[a-z]/.test(nameIn(anatomy)),
  },
  duplicateParameter: asked((name, value) => `${name}=${value}&${name}=${value}`),
  encodedDuplicate: asked((name, value) => `${name}=${value}&${escaped(name)}=${value}`),
  bracketedParameter: asked((name, value) => `${name}[]=${value}`),
  keyedParameter: asked((name, value) => `${name}[a]=${value}`),
  bracketedBeside: asked((name, value) => `${name}=${value}&${name}[]=${value}`),
  duplicateHeader: {
    needs: ({ header }) => header !== undefined,
    how: (bench) => {
      const request = bench.placeAsUsual(bench.good)
      return { ...request, headers: request.headers.flatMap((each) => [each, each]) }
    },
  },
  twoCarriers: {
    needs: (anatomy) => isCompact(anatomy) || inQuery(anatomy),
    when: ({ scheme }, guard) => guard.bearer === true || !scheme.codec.compact,
    how: twice,
  },
  bearerTwice: inBearer((sent) => [sent, sent]),
  emptyBearer: inBearer(([name]) => [[name, 'Bearer']]),
  brokenBearer: inBearer(([name, value]) => [[name, `${value} ${value.slice(7)}`]]),
  percentEncodedTwice: asked((name, value) => `${name}=%25${hexOf(value)}${value.slice(1)}`),
  brokenPercent: asked((name, value) => `${name}=${value}%ff`),
  plusAsSpace: {
    needs: (anatomy) =>
      isTextInParameter(anatomy) &&
      [anatomy.text?.payload, anatomy.text?.signature].some((each) => each?.name === base64.name),
    how: (bench) => {
      const text = joined(seek(bench, (parts) => joined(parts).includes('+')))
      return withValue(bench, encodeURIComponent(text.replaceAll('+', ' ')))
    },
  },
  leadingSpace: inText((text) => ` ${text}`),
  trailingLineBreak: inText((text) => `${text}\n`),
  trailingNul: inText((text) => `${text}\0`),
  overLong: { needs: isTextInParameter, how: overLong },
}

function nameIn({ parameter, message }: Anatomy): string {
  return parameter ?? message?.reply ?? ''
}

/** The right request without what makes it one. */
function stranger(bench: Bench): WireRequest {
  const { headers, ...request } = bench.place(bench.good)
  const own = [...bench.anatomy.headers, 'authorization']
  return {
    ...request,
    query: '',
    headers: headers.filter(([name]) => !own.includes(name.toLowerCase())),
  }
}

function twice(bench: Bench): WireRequest {
  const { anatomy, good } = bench
  const request = bench.placeAsUsual(good)
  if (anatomy.message) {
    return { ...request, query: `${parameterOf(bench)}=${encodedValue(bench)}` }
  }
  return { ...request, headers: [...request.headers, authorization(bench)] }
}

function encodedValue(bench: Bench): string {
  const { message } = bench.anatomy
  const value = message ? replyOf(message.names, goodMessage(bench)) : compactOf(bench)
  return encodeURIComponent(value)
}

/** The right one, where `needs` has asked for a compact one. */
function compactOf({ good }: Bench): string {
  return good as string // a compact codec's credential is text
}

function authorization(bench: Bench): WireHeader {
  const { headers = {} } = bearer.write(compactOf(bench))
  return Object.entries(headers)[0] as WireHeader // the one that it writes
}

/** The first character of the name, percent-encoded. */
function escaped(name: string): string {
  return `%${hexOf(name)}${name.slice(1)}`
}

function hexOf(text: string): string {
  return Buffer.from(text[0] ?? '').toString('hex')
}

/** One that is longer by white space alone, and right in everything else. */
function overLong(bench: Bench): WireRequest {
  const start = Math.floor((LIMITS.credential - joined(goodParts(bench)).length) / 2)
  for (let spaces = Math.max(start, 0); ; spaces++) {
    const text = joined(goodParts(bench, spaces))
    if (text.length > LIMITS.credential) return placeInParameter(bench, text)
  }
}
