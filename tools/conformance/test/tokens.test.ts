import type { PortalUser } from '@countersign/core'
import {
  catalogue,
  catalogueRun,
  fronts,
  outcomeOf,
  type Answer,
  type CatalogueRun,
  type SchemeName,
  type TokenCase,
} from '../src'
import { expectRefusal, ownHeaders } from './expect-answer'
import { quiet } from './quiet'
import { signedUser } from './signed-user'

quiet()

/** Cases whose first request is refused. The data contains the answer to the last request only. */
const FIRST_IS_FORGED = ['HL-REPLAY-10', 'FB-REPLAY-05']

const PROPERTIES: Readonly<Record<SchemeName, readonly string[]>> = {
  featkit: ['scheme', 'id', 'email', 'name'],
  seggwat: ['scheme', 'id', 'email', 'name', 'subscriptionId'],
  jwt: ['scheme', 'id', 'email', 'name', 'subscriptionId'],
  harlyy: ['scheme', 'id', 'email', 'name', 'nonce'],
  fdback: ['scheme', 'id', 'email', 'name', 'avatar'],
}

it('the catalogue has 329 cases, each with its own id', () => {
  expect(new Set(catalogue.cases.map(({ id }) => id)).size).toBe(329)
})

describe.each(fronts)('the catalogue on $name', (front) => {
  let run: CatalogueRun
  beforeAll(() => {
    run = catalogueRun(front)
  })
  afterAll(() => run.close())

  it.each(catalogue.cases)('answers $id with $expected: $description', async (tokenCase) => {
    const answers = await run.send(tokenCase)
    const last = answers.at(-1) as Answer // every case has a request
    const first = FIRST_IS_FORGED.includes(tokenCase.id) ? '401 signature_invalid' : '200'
    const before = answers.slice(1).map(() => first)
    expect(answers.map(outcomeOf)).toEqual([...before, tokenCase.expected])
    if (last.status === 200) expectUser(last, tokenCase)
    else expectRefusal(last)
  })
})

function expectUser({ handled, rotated, response, error }: Answer, tokenCase: TokenCase): void {
  const user = handled?.user as PortalUser // the request was accepted
  const isPlain = Object.isFrozen(user) && Object.getPrototypeOf(user) === Object.prototype
  const isPrevious = tokenCase.description.includes('previous secret')
  const keyId = handled?.auth?.keyId
  expect({ error, user, isPlain, names: Reflect.ownKeys(user), keyId, rotated }).toEqual({
    user: signedUser(tokenCase),
    isPlain: true,
    names: PROPERTIES[tokenCase.scheme],
    keyId: isPrevious ? 'B' : 'A',
    rotated: isPrevious,
  })
  if (!response) return
  expect({ body: JSON.parse(response.body) as unknown, ...ownHeaders(response) }).toEqual({
    body: { user },
    'content-type': 'application/json; charset=utf-8',
    ...(tokenCase.scheme !== 'fdback' && {
      'cache-control': 'private, no-store',
      'referrer-policy': 'no-referrer',
    }),
  })
}
