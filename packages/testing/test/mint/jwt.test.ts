import { createHmac } from 'node:crypto'
import { verify } from 'jsonwebtoken'
import { DEFECTS, mint, type Defect } from '@countersign/testing'
import { now, sample, secret } from '../support/mint-portals'
import { parameterIn } from '../support/decode'
import { named } from './applicable'

async function token(defect?: Defect): Promise<string> {
  const { portal, user } = sample('SeggWat JWT')
  return parameterIn('SeggWat JWT', (await mint(portal, user, { now, defect })).request)
}

function decode(segment = ''): string {
  return Buffer.from(segment, 'base64url').toString('utf8')
}

function hmac(hash: string, input: string, key: string = secret): string {
  return createHmac(hash, key).update(input).digest('base64url')
}

const HEADERS: Readonly<Partial<Record<Defect, object>>> = {
  algNone: { alg: 'none' },
  algNoneSigned: { alg: 'none', typ: 'JWT' },
  algNoneMixedCase: { alg: 'nOnE', typ: 'JWT' },
  algConfusion: { alg: 'RS256', typ: 'JWT' },
  algEs256: { alg: 'ES256' },
  algHs384: { alg: 'HS384', typ: 'JWT' },
  algHs512: { alg: 'HS512', typ: 'JWT' },
  algLowerCase: { alg: 'hs256', typ: 'JWT' },
  algSpace: { alg: 'HS256 ', typ: 'JWT' },
  algList: { alg: ['HS256'], typ: 'JWT' },
  algMissing: { typ: 'JWT' },
  crit: { alg: 'HS256', typ: 'JWT', crit: ['exp'] },
  b64: { alg: 'HS256', typ: 'JWT', b64: false },
  zip: { alg: 'HS256', typ: 'JWT', zip: 'DEF' },
  cty: { alg: 'HS256', typ: 'JWT', cty: 'JWT' },
  enc: { alg: 'HS256', typ: 'JWT', enc: 'A128GCM' },
  jwk: { alg: 'HS256', typ: 'JWT', jwk: { kty: 'oct', k: expect.any(String) } },
  jku: { alg: 'HS256', typ: 'JWT', jku: expect.stringMatching(/^https:/) },
  x5u: { alg: 'HS256', typ: 'JWT', x5u: expect.stringMatching(/^https:/) },
  x5c: { alg: 'HS256', typ: 'JWT', x5c: ['MIIB'] },
  headerMember: { alg: 'HS256', typ: 'JWT', iss: 'someone' },
  typWrong: { alg: 'HS256', typ: 'JWE' },
  typNumber: { alg: 'HS256', typ: 1 },
  kidNumber: { alg: 'HS256', typ: 'JWT', kid: 1 },
  kidTooLong: { alg: 'HS256', typ: 'JWT', kid: 'k'.repeat(257) },
  kidPath: { alg: 'HS256', typ: 'JWT', kid: '../../dev/null' },
}

const HEADED = Object.keys(HEADERS) as Defect[] // its own keys

const RAW: Readonly<Partial<Record<Defect, RegExp>>> = {
  duplicateAlg: /^\{"alg":"none","alg":"HS256"/,
  escapedDuplicateAlg: /^\{"\\u0061lg":"none","alg":"HS256"/,
  protoHeader: /^\{"__proto__":/,
  headerBom: /^\uFEFF\{"alg":"HS256","typ":"JWT"\}$/,
  headerInvalidUtf8: /^\{"alg":"HS256","kid":"\uFFFD"\}$/,
  headerNull: /^null$/,
  headerTooLong: /^\{"alg":"HS256","typ":"JWT"\} {1024}$/,
  headerPadded: /^\{"alg":"HS256"\}$/,
  emptyHeader: /^$/,
}

describe('the header of a minted token', () => {
  it('is the one that everyone writes, where nothing is wrong with it', async () => {
    for (const defect of [undefined, 'expired', 'bom', 'wrongSecret'] as const) {
      const [header] = (await token(defect)).split('.')
      expect(decode(header)).toBe('{"alg":"HS256","typ":"JWT"}')
    }
  })

  it.each(HEADED)('says what “%s” promises', async (defect) => {
    const [header] = (await token(defect)).split('.')
    expect(JSON.parse(decode(header))).toEqual(HEADERS[defect])
  })

  it.each(Object.keys(RAW) as Defect[])('is written as “%s” promises', async (defect) => {
    const [header] = (await token(defect)).split('.')
    expect(decode(header)).toMatch(RAW[defect] ?? /^never$/)
    expect(header?.endsWith('=')).toBe(defect === 'headerPadded')
  })

  it('covers every defect of a token, with those that are about its segments', () => {
    const segments = named('missingHeader detachedPayload jsonSerialization')
    const all = Object.entries(DEFECTS).filter(([, { group }]) => group === 'jwt')
    const covered = [...HEADED, ...Object.keys(RAW), ...segments]
    expect(covered.toSorted()).toEqual(all.map(([name]) => name).toSorted())
  })
})

describe('the signature of a minted token', () => {
  it('is right by the secret and by HS256, whatever the header says', async () => {
    const otherwise = named('algNone algEs256 algHs384 algHs512 jwk kidPath')
    const headed = [...HEADED, ...(Object.keys(RAW) as Defect[])]
    for (const defect of headed.filter((each) => !otherwise.includes(each))) {
      const text = await token(defect)
      const dot = text.lastIndexOf('.')
      expect(text.slice(dot + 1)).toBe(hmac('sha256', text.slice(0, dot)))
    }
  })

  it('is right by the hash that the header names, for HS384 and HS512', async () => {
    for (const [defect, hash] of [
      ['algHs384', 'sha384'],
      ['algHs512', 'sha512'],
    ] as const) {
      const text = await token(defect)
      const dot = text.lastIndexOf('.')
      expect(text.slice(dot + 1)).toBe(hmac(hash, text.slice(0, dot)))
      const read = verify(text, secret, { clockTimestamp: now() / 1_000 })
      expect(read).toMatchObject({ sub: 'u_1', project_key: 'abc123' })
    }
  })

  it('is missing, a private key’s, its own key’s or an empty file’s where the name says so', async () => {
    expect(await token('algNone')).toMatch(/^[\w-]+\.[\w-]+\.$/)
    expect((await token('algEs256')).split('.')[2]).toHaveLength(86)
    const own = await token('jwk')
    const { jwk } = JSON.parse(decode(own.split('.')[0])) as {
      readonly jwk: { readonly k: string }
    }
    const dot = own.lastIndexOf('.')
    expect(own.slice(dot + 1)).toBe(hmac('sha256', own.slice(0, dot), decode(jwk.k)))
    const path = await token('kidPath')
    expect(path.slice(path.lastIndexOf('.') + 1)).toBe(
      hmac('sha256', path.slice(0, path.lastIndexOf('.')), ''),
    )
  })
})

describe('the segments of a minted token', () => {
  it('are those of the right one, but for the one that the name says', async () => {
    const [header, payload, signature] = (await token()).split('.')
    expect(await token('missingHeader')).toBe(`${payload}.${signature}`)
    expect(await token('detachedPayload')).toBe(`${header}..${signature}`)
    expect(await token('emptySignature')).toBe(`${header}.${payload}.`)
    expect(await token('extraSegment')).toBe(`${header}.${payload}.${signature}.${signature}`)
    expect(JSON.parse(await token('jsonSerialization'))).toEqual({
      protected: header,
      payload,
      signature,
    })
  })
})
