import { isRejection } from '@countersign/core'
import {
  catalogueRun,
  coreFront,
  generate,
  httpFronts,
  outcomeOf,
  type Answer,
  type Front,
  type GeneratedCase,
  type RawRequest,
} from '../src'
import { expectRefusal } from './expect-answer'
import { quiet } from './quiet'

quiet()

/** `pnpm run generated` tries more. */
const COUNT = Number(process.env['COUNT'] ?? 100)
/** Set to try other cases, or to repeat a failure. The first 100 of this one have every kind of answer. */
const SEED = Number(process.env['SEED'] ?? 221)

/** Whether Node's HTTP parser lets the request through as it was generated. */
function isSendable({ target, headers = [] }: RawRequest): boolean {
  return (
    /^[\x21-\x7e]{1,8000}$/.test(target) &&
    headers.every(([, value]) => /^[\t\x20-\x7e\x80-\xff]{0,4000}$/.test(value))
  )
}

/** Whether a `Request` of the Fetch API says all that was sent: it joins headers with a comma. */
function fitsIntoRequest({ method = 'GET', headers = [], body = '' }: RawRequest): boolean {
  const isBodyLost = body.length > 0 && ['GET', 'HEAD'].includes(method)
  return !isBodyLost && headers.every(([, value]) => /^[^,]+$/.test(value))
}

function cases(): readonly GeneratedCase[] {
  const found: GeneratedCase[] = []
  const source = generate(SEED)
  while (found.length < COUNT) {
    const next = source.next().value
    if (next.requests.every(isSendable)) found.push(next)
  }
  return found
}

/** What must be the same everywhere. */
function essence(answer: Answer): object {
  const { user, auth } = answer.handled ?? {}
  return { outcome: outcomeOf(answer), user, auth: JSON.stringify(auth), rotated: answer.rotated }
}

async function answersOf(
  front: Front,
  check: (answer: Answer, request: RawRequest) => void,
  from = generatedCases,
): Promise<readonly object[]> {
  const { send, close } = catalogueRun(front)
  const all: object[] = []
  try {
    for (const each of from) {
      const answers = await send(each)
      answers.forEach((answer, index) => check(answer, each.requests[index] as RawRequest)) // as many
      all.push({ requests: each.requests, answers: answers.map(essence) })
    }
    return all
  } finally {
    await close()
  }
}

const generatedCases = cases()
let expected: readonly object[]

beforeAll(async () => {
  expected = await answersOf(coreFront, () => {})
})

it('generates the same cases for the same seed, with every kind of answer', () => {
  expect(cases()).toEqual(generatedCases)
  const text = JSON.stringify(expected)
  for (const outcome of [
    '200',
    '400 credential_ambiguous',
    '401 token_malformed',
    '401 signature_invalid',
    '401 claims_invalid',
    '401 token_expired',
    '401 token_not_yet_valid',
    '401 lifetime_exceeded',
    '401 audience_mismatch',
    '401 token_replayed',
    '401 algorithm_not_allowed',
    '413 body_too_large',
    '415 unsupported_encoding',
    '503 secret_unavailable',
    '500 misconfigured',
  ]) {
    expect(text).toContain(`"outcome":"${outcome}"`)
  }
})

it.each(httpFronts)('$name answers generated requests as the core does', async (front) => {
  const fits = ({ requests }: GeneratedCase) => !front.isFetch || requests.every(fitsIntoRequest)
  const check = (answer: Answer, { method }: RawRequest) => {
    if (isRejection(answer.error)) expectRefusal(answer, method)
  }
  const answers = await answersOf(front, check, generatedCases.filter(fits))
  const due = expected.filter((_, index) => fits(generatedCases[index] as GeneratedCase)) // as many
  expect(answers.length).toBeGreaterThan(COUNT / 2)
  for (const [index, each] of answers.entries()) expect(each).toEqual(due[index])
})
