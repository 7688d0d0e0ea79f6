import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { createSigner, memoryReplayStore, type Portal } from '@countersign/core'
import * as schemes from '@countersign/core/schemes'
import { PATH, readData } from '../src/catalogue'
import { coreFront } from '../src/core-front'
import { outcomeOf, type Answer } from '../src/front'
import type { RawRequest } from '../src/raw-client'

const { featkit: _f, seggwat: _s, harlyy: _h, fdback: _b, ...presets } = schemes
type Preset = keyof typeof presets

interface Given {
  readonly preset: Preset
  readonly portal: Readonly<Record<string, unknown>>
}

interface Signing extends Given {
  readonly user: object
  readonly options: Readonly<Record<string, unknown>>
  readonly signed: object
}

interface Sent {
  readonly method?: string
  readonly query?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

interface Verifying extends Given {
  readonly about: string
  /** Sent in order against one store; all but the last are accepted. */
  readonly requests: readonly Sent[]
  readonly expected: string
  readonly user?: object
}

interface Presets {
  /** Seconds. */
  readonly now: number
  readonly secrets: Readonly<Record<'current' | 'previous' | 'hex', string>>
  readonly signing: readonly Signing[]
  readonly verifying: readonly Verifying[]
}

const data = readData<Presets>('presets.json')
const now = () => data.now * 1000

function portalOf({ preset, portal }: Given): Portal {
  const { current, previous, hex } = data.secrets
  const secret = preset === 'pylon' ? hex : [current, previous]
  const make = presets[preset] as (options: object) => Portal // the options of each are its own
  return make({ ...portal, secret })
}

function requestOf({ method = 'GET', query = '', headers = {}, body }: Sent): RawRequest {
  const target = query === '' ? PATH : `${PATH}?${query}`
  return { method, target, headers: Object.entries(headers), body }
}

async function answersTo(given: Verifying): Promise<readonly Answer[]> {
  const options = { now, replayStore: memoryReplayStore({ now }), nonceRetention: 3_600 }
  const { send } = await coreFront.open(portalOf(given), options)
  const answers: Answer[] = []
  for (const request of given.requests) answers.push(await send(requestOf(request)))
  return answers
}

describe('a preset', () => {
  it.each(data.signing.map((each) => [each.preset, each] as const))(
    'signs exactly what an independent program signs: %s',
    async (_, given) => {
      const signer = createSigner(portalOf(given), { now })
      const signed = await signer.sign(given.user as never, given.options) // of its own type
      expect(signed).toStrictEqual(given.signed)
    },
  )

  it.each(data.verifying.map((each) => [each.preset, each.about, each.expected, each] as const))(
    'answers exactly: %s, %s: %s',
    async (_, __, expected, given) => {
      const answers = await answersTo(given)
      const last = answers.at(-1)
      const outcomes = answers.map(outcomeOf)
      expect(outcomes).toEqual([...answers.slice(1).map(() => '200'), expected])
      const { user = last?.handled?.user } = given // not all cases tell it
      expect(last?.handled?.user).toStrictEqual(user)
    },
  )
})

it('every preset has cases', () => {
  const names = Object.keys(presets).toSorted()
  expect([...new Set(data.verifying.map(({ preset }) => preset))].toSorted()).toEqual(names)
  expect([...new Set(data.signing.map(({ preset }) => preset))].toSorted()).toEqual(names)
})

it('the cases are those that the program in Python prints', () => {
  const program = join(__dirname, '..', 'presets.py')
  const options = { encoding: 'utf8', maxBuffer: 16_000_000 } as const
  const { error, stdout } = spawnSync('python3', [program, '--print'], options)
  if (error) return void process.stderr.write('SKIPPED: the program in Python: no python3 here\n')
  expect(JSON.parse(stdout)).toEqual(data)
})
