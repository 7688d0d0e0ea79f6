import { createSigner, createVerifier } from '@countersign/core'
import { featkit } from '@countersign/schemes'
import {
  catalogue,
  catalogueRun,
  createLeakScanner,
  errorText,
  fronts,
  httpFronts,
  objectText,
  secrets,
  sensitiveIn,
  wireText,
  type Answer,
  type CatalogueRun,
  type Front,
  type RawAnswer,
  type TokenCase,
} from '../src'

// The whole catalogue in one go, also where the machine is busy
jest.setTimeout(120_000)

const { leaksIn } = createLeakScanner()
const refused = catalogue.cases.filter(({ expected }) => expected !== '200')

const sensitive = new Map(catalogue.cases.map((each) => [each, sensitiveIn(each)]))

interface Refusal {
  readonly tokenCase: TokenCase
  readonly answer: Answer
}

describe('a refusal', () => {
  const runs = new Map<Front, CatalogueRun>()
  const refusals = new Map<Front, readonly Refusal[]>()
  beforeAll(async () => {
    for (const front of fronts) {
      const run = catalogueRun(front)
      runs.set(front, run)
      refusals.set(front, await refuseAll(run))
    }
  })
  afterAll(async () => {
    for (const run of runs.values()) await run.close()
  })

  const leaking = (front: Front, textOf: (answer: Answer) => string): readonly string[] =>
    (refusals.get(front) ?? []).flatMap(({ tokenCase, answer }) =>
      leaksIn(textOf(answer), sensitive.get(tokenCase) ?? []).map(
        (label) => `${tokenCase.id}: ${label}`,
      ),
    )

  it.each(fronts)('is an error each time, on $name', (front) => {
    const all = refusals.get(front) ?? []
    expect(all).toHaveLength(280)
    expect(all.filter(({ answer }) => !answer.error)).toEqual([])
  })

  it.each(httpFronts)('LK-01: answers no secret, MAC, credential or payload, on $name', (front) => {
    expect(leaking(front, ({ response }) => wireText(response as RawAnswer))).toEqual([])
  })

  it.each(httpFronts)('LK-01: answers no stack, path or name of a variable, on $name', (front) => {
    const told = /\n\s+at |\.[cm]?[jt]s\b|node_modules|packages\/|\/home|NODE_ENV|SECRET|process\./
    const telling = (refusals.get(front) ?? []).filter(({ answer }) =>
      told.test(wireText(answer.response as RawAnswer)),
    )
    expect(telling).toEqual([])
  })

  it.each(fronts)(
    'LK-02: puts none of it into the error, its stack, its cause, its JSON or its inspection, on $name',
    (front) => {
      expect(leaking(front, ({ error }) => errorText(error as Error))).toEqual([])
    },
  )

  it.each(fronts)(
    'LK-03: leaves no secret to be seen in portals, verifiers, guards and middleware, on $name',
    (front) => {
      const parts = runs.get(front)?.parts ?? []
      expect(parts.length).toBeGreaterThanOrEqual(12)
      expect(parts.filter((part) => leaksIn(objectText(part), secrets).length > 0)).toEqual([])
    },
  )
})

async function refuseAll(run: CatalogueRun): Promise<readonly Refusal[]> {
  const refusals: Refusal[] = []
  for (const tokenCase of refused) {
    const answers = await run.send(tokenCase)
    refusals.push({ tokenCase, answer: answers.at(-1) as Answer }) // every case has a request
  }
  return refusals
}

describe('what signs and verifies', () => {
  it('LK-03: shows no secret, however it is looked at', () => {
    const portal = featkit({ slug: 'acme', secret: catalogue.secrets.A })
    const objects = [
      portal,
      createVerifier(portal),
      createSigner(portal),
      ...(portal.keys.known ?? []),
    ]
    expect(objects).toHaveLength(4)
    expect(objects.flatMap((object) => leaksIn(objectText(object), secrets))).toEqual([])
  })
})

describe('what is looked for', () => {
  it('knows what each case sent, but for the seven that sent no signature', () => {
    const sent = (tokenCase: TokenCase): boolean =>
      sensitive.get(tokenCase)?.some(({ label }) => label === 'credential') ?? false
    const silent = catalogue.cases.filter((tokenCase) => !sent(tokenCase))
    expect(silent.map(({ id }) => id)).toEqual([
      'FK-STRUCT-01',
      'FK-STRUCT-02',
      'FK-STRUCT-04',
      'FK-PARAM-12',
      'SW-STRUCT-01',
      'HL-PARAM-03',
      'FB-HDR-07',
    ])
  })

  it('knows the right signature of what each case sent', () => {
    const accepted = catalogue.cases.filter(({ expected }) => expected === '200')
    const missed = accepted.filter((tokenCase) => {
      const { target, headers = [] } = tokenCase.requests.at(-1) ?? { target: '' }
      const labels = leaksIn([target, ...headers.flat()].join(' '), sensitive.get(tokenCase) ?? [])
      return !labels.some((label) => label.startsWith('MAC with'))
    })
    expect(missed.map(({ id }) => id)).toEqual([])
  })
})
