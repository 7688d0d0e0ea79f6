import { explain, type Cause, type Explanation } from '../src'
import type { Step } from '../src/lines/lines'
import { mistakes, type Mistake } from './support/mistakes'
import { portals, secret } from './support/portals'
import { programFor, rightLines, runPrograms, type Changes } from './support/programs'

interface Case extends Mistake {
  readonly explanation: Explanation
  /** After the lines that the causes tell have taken the place of the wrong ones. */
  readonly corrected: Explanation
}

let cases: readonly Case[]

beforeAll(async () => {
  const explanations = await explained(mistakes.map(({ setup, wrong }) => ({ ...setup, ...wrong })))
  const rest = mistakes.map((mistake, index) => ({
    ...mistake.setup,
    ...withoutTold(mistake, explanations[index]!.causes),
  }))
  const corrected = await explained(rest)
  cases = mistakes.map((mistake, index) => ({
    ...mistake,
    explanation: explanations[index]!,
    corrected: corrected[index]!,
  }))
})

/** Runs the program of each mistake with these changes, and explains what it prints. */
async function explained(changes: readonly Changes[]): Promise<readonly Explanation[]> {
  const programs = mistakes.map(({ portal, language }, index) =>
    programFor(portal, language, changes[index]),
  )
  const printed = await runPrograms(programs)
  return Promise.all(
    printed.map((text, index) =>
      explain(text, { portal: portals[mistakes[index]!.portal], secret }),
    ),
  )
}

/** What is left of the wrong lines. */
function withoutTold({ language, portal, wrong }: Mistake, causes: readonly Cause[]): Changes {
  const told = causes.flatMap(({ lines }) => lines[language].split('\n'))
  const right = rightLines(portal, language)
  const isTold = (step: string): boolean =>
    told.includes(right[step as Step]) || // a step
    (step === 'secret' && told.includes(right['trimmed secret']))
  return Object.fromEntries(Object.entries(wrong).filter(([step]) => !isTold(step)))
}

describe('mistakes of real programs', () => {
  it.each([...mistakes.entries()])(
    'are named, and corrected by the lines that are told: %i %o',
    (index) => {
      const { causes, explanation, corrected } = cases[index]!
      expect(explanation.causes.map(({ id }) => id).toSorted()).toEqual(causes.toSorted())
      expect(corrected).toMatchObject({ verdict: 'accepted', causes: [] })
    },
  )

  it('are at least 45', () => {
    expect(mistakes.length).toBeGreaterThanOrEqual(45)
  })
})
