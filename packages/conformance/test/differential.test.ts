import {
  catalogue,
  catalogueRun,
  documentedCases,
  fronts,
  httpFronts,
  verdictOf,
  type Answer,
  type Front,
} from '../src'

// The whole catalogue in one go, also where the machine is busy
jest.setTimeout(120_000)

/** What the frameworks themselves, or the moment, put on an answer. */
const NOT_OURS = ['date', 'x-powered-by', 'connection', 'keep-alive', 'etag']

/** What must be the same everywhere. */
interface Outcome {
  readonly verdict: string
  readonly user: unknown
  readonly auth: unknown
  readonly rotated: boolean
}

/** What must be the same on every framework. */
interface WireOutcome extends Outcome {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const outcome = (answer: Answer): Outcome => {
  const { consume: _, ...auth } = answer.handled?.auth ?? {}
  return { verdict: verdictOf(answer), user: answer.handled?.user, auth, rotated: answer.rotated }
}

const wireOutcome = (answer: Answer): WireOutcome => {
  const { headers = {}, body = '' } = answer.response ?? {}
  const ours = Object.entries(headers).filter(([name]) => !NOT_OURS.includes(name))
  const sorted = Object.fromEntries(ours.toSorted(([a], [b]) => (a < b ? -1 : 1)))
  return { ...outcome(answer), headers: refused(answer) ? sorted : guarded(sorted), body }
}

const refused = ({ code }: Answer): boolean => code !== null

/** Of an answer that the app gave, what the guard put on it. */
const guarded = (headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> => ({
  'cache-control': headers['cache-control'] ?? '',
  'referrer-policy': headers['referrer-policy'] ?? '',
})

type Answers = ReadonlyMap<string, readonly Answer[]>

async function askAll(front: Front): Promise<Answers> {
  const answers = new Map<string, readonly Answer[]>()
  const run = catalogueRun(front)
  for (const tokenCase of catalogue.cases) answers.set(tokenCase.id, await run.send(tokenCase))
  await run.close()
  for (const documented of documentedCases) {
    const open = await front.open(documented.portal(), documented.options)
    for (const { by, request } of documented.deliveries) {
      answers.set(`${documented.id} by ${by}`, [await open.send(request)])
    }
    await open.close()
  }
  return answers
}

/** The ids of what the others answer differently from the first. */
function differences(all: readonly Answers[], of: (answer: Answer) => unknown): readonly string[] {
  const [first, ...others] = all
  const text = (answers: Answers | undefined, id: string): string =>
    JSON.stringify(answers?.get(id)?.map(of))
  return [...(first?.keys() ?? [])].filter((id) =>
    others.some((answers) => text(answers, id) !== text(first, id)),
  )
}

describe('TP-39: the same request', () => {
  const answers = new Map<Front, Answers>()
  const of = (some: readonly Front[]): readonly Answers[] =>
    some.map((front) => answers.get(front) ?? new Map<string, readonly Answer[]>())
  beforeAll(async () => {
    for (const front of fronts) answers.set(front, await askAll(front))
  })

  it('was sent to all five: the whole catalogue, and all that the samples signed', () => {
    expect(of(fronts).map(({ size }) => size)).toEqual(Array.from(fronts, () => 328 + 54 + 154))
  })

  it('has the same verdict, user and circumstances on all five', () => {
    expect(differences(of(fronts), outcome)).toEqual([])
  })

  it('has the same headers and the same body on all four frameworks', () => {
    expect(differences(of(httpFronts), wireOutcome)).toEqual([])
  })

  it('would show a difference, were there one', () => {
    const [core = new Map<string, readonly Answer[]>()] = of(fronts)
    const other = new Map(core)
    other.set('FK-OK-01', core.get('FK-OK-02') ?? [])
    other.set('FK-MAC-01', core.get('FK-TIME-08') ?? [])
    expect(differences([core, other], outcome)).toEqual(['FK-OK-01', 'FK-MAC-01'])
  })
})
