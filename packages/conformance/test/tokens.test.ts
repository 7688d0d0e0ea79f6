import { REJECTIONS, isRejection, type PortalUser, type RejectionEntry } from '@countersign/core'
import {
  catalogue,
  catalogueRun,
  fronts,
  verdictOf,
  type Answer,
  type CatalogueRun,
  type RawAnswer,
  type SchemeName,
  type TokenCase,
} from '../src'
import { signedUser } from './signed-user'

/** What the guard answers to the first of two requests. The data tells only about the last. */
const FIRST_IS_FORGED = ['HL-REPLAY-10', 'FB-REPLAY-05']

const DOCUMENTED: Readonly<Record<SchemeName, readonly string[]>> = {
  featkit: ['scheme', 'id', 'email', 'name'],
  seggwat: ['scheme', 'id', 'email', 'name', 'subscriptionId'],
  jwt: ['scheme', 'id', 'email', 'name', 'subscriptionId'],
  harlyy: ['scheme', 'id', 'email', 'name', 'nonce'],
  fdback: ['scheme', 'id', 'email', 'name', 'avatar'],
}

describe('the catalogue', () => {
  it('has 328 cases, each with an id of its own', () => {
    expect(catalogue.cases).toHaveLength(328)
    expect(new Set(catalogue.cases.map(({ id }) => id)).size).toBe(328)
  })

  it('can be sent byte for byte: no case has a character that HTTP/1.1 forbids', () => {
    const unsendable = catalogue.cases.filter(({ requests }) =>
      requests.some(
        ({ target, headers = [] }) =>
          /[^\x21-\x7e]/.test(target) ||
          headers.flat().some((text) => /[^\t\x20-\x7e\x80-\xff]/.test(text)),
      ),
    )
    expect(unsendable).toEqual([])
  })
})

describe.each(fronts)('the catalogue on $name', (front) => {
  let run: CatalogueRun
  beforeAll(() => {
    run = catalogueRun(front)
  })
  afterAll(() => run.close())

  it.each(catalogue.cases)('answers $id rightly: $description', async (tokenCase) => {
    const answers = await run.send(tokenCase)
    const last = answers.at(-1) as Answer // every case has a request
    expect(verdictOf(last)).toBe(tokenCase.expected)
    if (last.status === 200) expectUser(last, tokenCase)
    else expectRefusal(last)
    for (const first of answers.slice(0, -1)) {
      const forged = FIRST_IS_FORGED.includes(tokenCase.id)
      expect(verdictOf(first)).toBe(forged ? '401 signature_invalid' : '200')
    }
  })
})

function expectUser({ handled, rotated, response, error }: Answer, tokenCase: TokenCase): void {
  const user = handled?.user as PortalUser // the case was let in
  expect(error).toBeUndefined()
  expect(Object.isFrozen(user)).toBe(true)
  expect(Reflect.ownKeys(user)).toEqual(DOCUMENTED[tokenCase.scheme])
  expect(Object.getPrototypeOf(user)).toBe(Object.prototype)
  expect(user).toEqual(signedUser(tokenCase))
  expect(response ? JSON.parse(response.body) : user).toEqual(user)
  const previous = tokenCase.description.includes('previous secret')
  expect({ keyId: handled?.auth?.keyId, rotated }).toEqual({
    keyId: previous ? 'B' : 'A',
    rotated: previous,
  })
}

function expectRefusal({ code, error, handled, response }: Answer): void {
  expect(handled).toBeUndefined()
  if (!isRejection(error)) throw new Error('Not the fault of the request')
  expect(error.code).toBe(code)
  if (response) expectProblem(response, REJECTIONS[error.code])
}

function expectProblem(response: RawAnswer, entry: RejectionEntry): void {
  const { headers, status, body } = response
  expect(JSON.parse(body)).toEqual({
    type: `urn:countersign:problem:${entry.publicCode}`,
    title: entry.title,
    status,
    code: entry.publicCode,
  })
  expect(headers['content-type']).toBe('application/problem+json')
  expect(headers['cache-control']).toBe('no-store')
  expect(headers['x-content-type-options']).toBe('nosniff')
  expect(headers['www-authenticate']).toBe(challengeFor(entry))
}

/** RFC 9110 section 15.5.2 wants one on every 401, RFC 6750 section 3.1 no error where nothing was sent. */
function challengeFor({ status, publicCode, title }: RejectionEntry): string | undefined {
  if (status !== 401 && status !== 400) return undefined
  if (publicCode === 'credential_missing') return 'Bearer'
  const error = status === 401 ? 'invalid_token' : 'invalid_request'
  return `Bearer error="${error}", error_description="${title}"`
}
