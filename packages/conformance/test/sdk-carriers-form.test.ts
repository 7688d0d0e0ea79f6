import { createSigner } from '@countersign/express'
import { sendRaw, type RawHeader } from '../src'
import { FRAMEWORKS } from './transport-frameworks'
import { FORM_TYPE, JSON_TYPE, now } from './transport-kit'
import { atPortal, expectUser, FULL, LOGIN, portal } from './sdk-kit'
import {
  AMBIGUOUS,
  dataOf,
  fieldsOf,
  form,
  judged,
  MALFORMED,
  PLAIN,
  REPLY,
  sentAs,
  signedBody,
} from './sdk-carriers-kit'

describe.each(FRAMEWORKS)("fdback's form among its carriers, on $name", (framework) => {
  it('FC-06 refuses a credential in two carriers at once', async () => {
    const headers: RawHeader[] = [JSON_TYPE, ...Object.entries(PLAIN.headers)]
    const { target } = sentAs(dataOf(REPLY))
    const post = { method: 'POST', target, headers, body: PLAIN.body }
    const asForm = form(fieldsOf(PLAIN).toString())
    const outcomes = await judged(
      framework,
      post,
      { ...asForm, target },
      { ...asForm, headers: [FORM_TYPE, ...Object.entries(PLAIN.headers)] },
    )
    expect(outcomes).toEqual([AMBIGUOUS, AMBIGUOUS, AMBIGUOUS])
  })

  it('FC-06 refuses two carriers also where one of them is broken', async () => {
    const headers: RawHeader[] = [JSON_TYPE, ...Object.entries(PLAIN.headers)]
    const alone: RawHeader[] = headers.filter(([name]) => name === 'x-signature')
    const { target } = sentAs(dataOf(REPLY))
    const outcomes = await judged(
      framework,
      { method: 'POST', target, headers: alone, body: PLAIN.body },
      { method: 'POST', target: sentAs('!!!!').target, headers, body: PLAIN.body },
      { method: 'POST', target: sentAs('!!!!').target, headers: alone, body: PLAIN.body },
    )
    expect(outcomes).toEqual([AMBIGUOUS, AMBIGUOUS, AMBIGUOUS])
  })

  it('FC-07 refuses a form with a field twice', async () => {
    const text = fieldsOf(PLAIN).toString()
    const more = [
      'email=eve@example.com',
      'email=ada@example.com',
      '_signature=0',
      '_workspaceId=x',
    ]
    more.push('%65mail=eve@example.com', 'name=', '_timestamp[]=1')
    const outcomes = await judged(framework, ...more.map((field) => form(`${text}&${field}`)))
    expect(outcomes).toEqual(more.map(() => AMBIGUOUS))
  })

  it('FC-08 refuses a form whose body was signed with escapes: it cannot be written again', async () => {
    const escaped = signedBody('{"email":"jos@example.com","name":"Jos\\u00e9"}')
    const slashes = signedBody('{"email":"jos@example.com","avatar":"https:\\/\\/x.test\\/a"}')
    const raw = signedBody('{"email":"jos@example.com","name":"José"}')
    for (const [signed, expected] of [
      [escaped, '401 signature_invalid'],
      [slashes, '401 signature_invalid'],
      [raw, '200'],
    ] as const) {
      const headers: RawHeader[] = [JSON_TYPE, ...Object.entries(signed.headers)]
      const outcomes = await judged(
        framework,
        form(fieldsOf(signed).toString()),
        { method: 'POST', target: LOGIN, headers, body: signed.body },
        sentAs(dataOf(signed)),
      )
      expect(outcomes).toEqual([expected, '200', '200'])
    }
  })

  it('FC-09 refuses a form with a field that nobody knows', async () => {
    const fields = [
      'role',
      'id',
      'user_id',
      '__proto__',
      'constructor',
      'scheme',
      '',
      'x-signature',
    ]
    const forms = fields.map((name) => form(`${fieldsOf(PLAIN)}&${name}=admin`))
    expect(await judged(framework, ...forms)).toEqual(fields.map(() => MALFORMED))
  })

  it('FC-09 refuses a member that nobody knows, signed or not, in each carrier', async () => {
    const signed = signedBody('{"email":"ada@example.com","role":"admin"}')
    const headers: RawHeader[] = [JSON_TYPE, ...Object.entries(signed.headers)]
    const outcomes = await judged(
      framework,
      { method: 'POST', target: LOGIN, headers, body: signed.body },
      sentAs(dataOf(signed)),
      form(fieldsOf(signed).toString()),
    )
    expect(outcomes).toEqual(['401 claims_invalid', '401 claims_invalid', MALFORMED])
  })

  it('reads a form in any order and any spelling of its encoding', async () => {
    const { headers = {}, body = '' } = await createSigner(portal(), { now }).sign(FULL as never)
    const text = fieldsOf({ headers: { ...headers }, body })
    const reversed = new URLSearchParams([...text].toReversed())
    const lower = text.toString().replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase())
    const percent = [...text].map((pair) => pair.map(encodeURIComponent).join('=')).join('&')
    const type: RawHeader = ['content-type', 'application/x-www-form-urlencoded; charset=UTF-8']
    await atPortal(framework, async (port) => {
      for (const each of [reversed.toString(), lower, percent]) {
        expectUser(await sendRaw(port, { ...form(each), headers: [type] }), FULL)
      }
    })
  })
})
