import type { RawHeader, RawRequest } from '../src'
import { FRAMEWORKS, judge } from './transport-frameworks'
import { counting, NO_WORK } from './transport-work'
import {
  FORM_TYPE,
  featkitQuery,
  fdbackPost,
  harlyyQuery,
  jsonPost,
  portals,
  type PostRequest,
} from './transport-kit'

const bearer = (query: string): RawHeader => ['Authorization', query.replace('token=', 'Bearer ')]

/** A signed request with the value of one header changed. */
function withHeader(post: PostRequest, name: string, value: string): RawRequest {
  const headers = post.headers.map(([sent, was]): RawHeader => [sent, sent === name ? value : was])
  return { ...post, headers }
}

describe.each(FRAMEWORKS)('where a credential may stand, on $name', (framework) => {
  it('TP-01 refuses a token in the URL together with signed headers', async () => {
    const { featkit, fdback } = portals()
    const both = await jsonPost(`/?${await featkitQuery()}`)
    const trial = { portal: [featkit, fdback] }
    expect(await judge(framework, trial, both)).toEqual(['400 credential_ambiguous'])
  })

  it('TP-02 refuses a second Authorization header, which Node itself drops', async () => {
    const once = bearer(await featkitQuery())
    const trial = { portal: portals().featkit, options: { bearer: true } }
    const outcomes = await judge(
      framework,
      trial,
      { target: '/', headers: [once] },
      { target: '/', headers: [once, once] },
      { target: '/', headers: [once, ['authorization', 'Basic YTpi']] },
    )
    expect(outcomes).toEqual(['200', '400 credential_ambiguous', '400 credential_ambiguous'])
  })

  it('TP-02 does not look at Authorization without `bearer: true`', async () => {
    const once = bearer(await featkitQuery())
    const twice = { target: '/', headers: [once, once] }
    expect(await judge(framework, { portal: portals().featkit }, twice)).toEqual([
      '401 credential_missing',
    ])
  })

  it('TP-03 refuses each signed header that comes twice, which Node itself joins', async () => {
    const post = await jsonPost()
    const twice = post.headers
      .filter(([name]) => name.startsWith('x-'))
      .map((again) => ({ ...post, headers: [...post.headers, again] }))
    expect(twice).toHaveLength(3)
    expect(await judge(framework, { portal: portals().fdback }, post, ...twice)).toEqual([
      '200',
      '400 credential_ambiguous',
      '400 credential_ambiguous',
      '400 credential_ambiguous',
    ])
  })

  it('TP-04 refuses a parameter that is there twice, or as a list or an object', async () => {
    const query = await featkitQuery()
    const value = query.slice('token='.length)
    const queries = [
      'token=a&token=b',
      `${query}&${query}`,
      `${query}&token=`,
      `${query}&%74oken=b`,
      `token[]=${value}`,
      `token[x]=${value}`,
      `token%5B%5D=${value}`,
      `${query}&token[0]=b`,
    ]
    const requests = queries.map((each) => ({ target: `/?${each}` }))
    const outcomes = await judge(framework, { portal: portals().featkit }, ...requests)
    expect(outcomes).toEqual(queries.map(() => '400 credential_ambiguous'))
  })

  it('TP-12 refuses a token of 15 KB before any decoding, parsing or signing', async () => {
    const send = (target: string) => () =>
      judge(framework, { portal: portals().featkit }, { target })
    const query = await featkitQuery()
    const usual = await counting(send(`/?${query}`))
    expect(usual.result).toEqual(['200'])
    expect(Math.min(...Object.values(usual.did))).toBeGreaterThan(0)
    const long = await counting(send(`/?token=${'A'.repeat(15_000)}.${'a'.repeat(64)}`))
    expect(long).toEqual({ result: ['401 token_malformed'], did: NO_WORK })
  })

  it('TP-14 refuses a signature whose bytes are not ASCII, even where Node would read them as hex', async () => {
    const post = await jsonPost()
    const signature = post.headers.find(([name]) => name === 'x-signature')?.[1] ?? ''
    const asUtf8 = Buffer.from(`\u0161${signature.slice(1)}`, 'utf8').toString('latin1')
    const values = [`\u00e9${signature.slice(1)}`, asUtf8, `${signature.slice(0, -1)}\u00b2`]
    const requests = values.map((value) => withHeader(post, 'x-signature', value))
    const outcomes = await judge(framework, { portal: portals().fdback }, ...requests)
    expect(outcomes).toEqual(values.map(() => '401 token_malformed'))
  })

  it('TP-15 finds no credential in a form body, a cookie or a fragment', async () => {
    const query = await featkitQuery()
    const requests: RawRequest[] = [
      { method: 'POST', target: '/', headers: [FORM_TYPE], body: query },
      { target: '/', headers: [['Cookie', query]] },
      { target: `/#?${query}` },
      { target: `/?a=1#&${query}` },
      { target: `/${query}` },
      { target: '/', headers: [['X-Token', query]] },
    ]
    const outcomes = await judge(framework, { portal: portals().featkit }, ...requests)
    expect(outcomes).toEqual(requests.map(() => '401 credential_missing'))
  })

  it('takes a part of a fdback credential for no credential, also where strangers may pass', async () => {
    const { headers, body } = await fdbackPost()
    const without = headers.map((left) => ({
      method: 'POST',
      target: '/',
      headers: headers.filter((header) => header !== left),
      body,
    }))
    const trial = { portal: portals().fdback, options: { mode: 'optional' } } as const
    expect(await judge(framework, trial, ...without)).toEqual([
      '401 credential_missing',
      '401 credential_missing',
      '401 credential_missing',
    ])
  })

  it('tells several portals apart by where the credential stands and by its shape', async () => {
    const { featkit, jwt, harlyy, fdback } = portals()
    const trial = { portal: [featkit, jwt, harlyy, fdback], options: { bearer: true } }
    const query = await featkitQuery()
    const outcomes = await judge(
      framework,
      trial,
      { target: `/?${query}` },
      { target: '/', headers: [bearer(query)] },
      { target: `/?${await harlyyQuery()}` },
      await jsonPost(),
      { target: `/?${query}&${await harlyyQuery()}` },
    )
    expect(outcomes).toEqual(['200', '200', '200', '200', '400 credential_ambiguous'])
  })
})
