import { listen, sendRaw } from '../src'
import { FRAMEWORKS } from './transport-frameworks'
import { NOW } from './transport-kit'
import { atPortal, expectUser } from './sdk-kit'
import {
  AMBIGUOUS,
  base64,
  dataOf,
  fieldsOf,
  form,
  get,
  judged,
  MALFORMED,
  PLAIN,
  REPLY,
  sentAs,
  type Members,
} from './sdk-carriers-kit'

describe.each(FRAMEWORKS)("fdback's carrier ?data=, on $name", (framework) => {
  it('FC-01 FC-02 are accepted as the client sends them', async () => {
    const outcomes = await judged(
      framework,
      sentAs(dataOf(REPLY)),
      form(fieldsOf(PLAIN).toString()),
    )
    expect(outcomes).toEqual(['200', '200'])
  })

  it('FC-01 refuses ?data= that is no canonical standard base64', async () => {
    const data = dataOf(REPLY)
    expect(data).toMatch(/[+/].*[^=]=$/)
    const urlSafe = data.replaceAll('+', '-').replaceAll('/', '_')
    const last = data.replace(/(.)(=+)$/, (_, character: string, padding: string) => {
      return String.fromCharCode(character.charCodeAt(0) + 1) + padding
    })
    expect(Buffer.from(last, 'base64')).toEqual(Buffer.from(data, 'base64'))
    const wrong = ['!!!!', '{}', urlSafe, data.replaceAll('=', ''), `${data}=`, last, `${data}\n`]
    wrong.push(` ${data}`, data.replaceAll('+', ' '), base64(data))
    const outcomes = await judged(framework, ...wrong.map(sentAs))
    expect(outcomes).toEqual(wrong.map(() => MALFORMED))
  })

  it('FC-01 reads ?data= once: a plus that was not percent-encoded stays a plus', async () => {
    const data = dataOf(REPLY)
    const outcomes = await judged(
      framework,
      get(`data=${data}`),
      sentAs(encodeURIComponent(data)),
      get('data='),
      sentAs('A'.repeat(4_100)),
    )
    expect(outcomes).toEqual(['200', MALFORMED, '401 credential_missing', MALFORMED])
  })

  it('FC-02 refuses ?data= that is there twice, as a list or as an object', async () => {
    const data = encodeURIComponent(dataOf(REPLY))
    const twice = ['data=', `data=${data}&data=`, '%64ata=', 'data[]=', 'data[0]=', 'data%5Ba%5D=']
    const requests = twice.map((more) => get(`data=${data}&${more}${data}`))
    expect(await judged(framework, ...requests)).toEqual(twice.map(() => AMBIGUOUS))
  })

  it('FC-03 refuses a reply with a member twice', async () => {
    const text = JSON.stringify(REPLY)
    const { headers, body } = REPLY
    const wrong = [
      `${text.slice(0, -1)},"headers":${JSON.stringify(headers)}}`,
      `${text.slice(0, -1)},"body":${JSON.stringify(body)}}`,
      `${text.slice(0, -1)},"b\\u006fdy":${JSON.stringify(body)}}`,
      `${text.slice(0, -1)},"url":"https://evil.test"}`,
      text.replace('"headers":{', '"headers":{"x-signature":"0",'),
    ]
    const outcomes = await judged(framework, ...wrong.map((each) => sentAs(dataOf(each))))
    expect(outcomes).toEqual(wrong.map(() => MALFORMED))
  })

  it('FC-04 refuses a reply whose body is no text, and never writes one itself', async () => {
    const { body, headers, ...rest } = REPLY
    const wrong: readonly (Members | string)[] = [
      { ...REPLY, body: JSON.parse(body) },
      { ...REPLY, body: null },
      { ...REPLY, body: 1 },
      { ...REPLY, body: [body] },
      { ...rest, headers },
      { ...rest, body },
      { ...REPLY, headers: null },
      { ...REPLY, headers: Object.entries(headers) },
      { ...REPLY, headers: { ...headers, 'x-timestamp': NOW } },
      { ...REPLY, headers: { ...headers, authorization: 'x' } },
      { ...REPLY, admin: true },
      [REPLY] as unknown as Members,
      '"text"',
      'null',
      `\ufeff${JSON.stringify(REPLY)}`,
    ]
    const outcomes = await judged(framework, ...wrong.map((each) => sentAs(dataOf(each))))
    expect(outcomes).toEqual(wrong.map(() => MALFORMED))
  })

  it('FC-05 goes nowhere that a reply names, and looks at no `expiresAt`', async () => {
    let visits = 0
    const evil = await listen((_req, res) => {
      visits++
      res.end()
    })
    const url = `http://127.0.0.1:${evil.port}/`
    try {
      await atPortal(framework, async (port) => {
        for (const each of [{ ...REPLY, url }, { ...REPLY, expiresAt: 0 }, PLAIN]) {
          const answer = await sendRaw(port, sentAs(dataOf(each)))
          expectUser(answer, { email: 'ada@example.com', name: 'Ada ~?>?>' })
          expect(answer.headers).not.toHaveProperty('location')
          expect(answer.body).not.toContain(url)
        }
      })
      expect(visits).toBe(0)
    } finally {
      await evil.close()
    }
  })
})
