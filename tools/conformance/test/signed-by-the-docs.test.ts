import { memoryReplayStore } from '@countersign/core'
import { coreFront } from '../src/core-front'
import { documentedCases } from '../src/documented'
import { outcomeOf } from '../src/front'
import { quiet } from './quiet'

quiet()

/** Signed with `\uXXXX` escapes where JavaScript writes the character: a form does not show that. */
const ESCAPED_BY_THE_SIGNER = ['php', 'py'].flatMap((language) =>
  ['02', '04', '08', '14'].map((number) => `fdback_${language}-${number}`),
)

const deliveries = documentedCases.flatMap((documented) =>
  documented.deliveries.map((delivery) => ({ documented, ...delivery })),
)

describe('the credentials signed by the samples of the documentation', () => {
  it('come from samples in seven languages and libraries', () => {
    expect(documentedCases).toHaveLength(94)
    const languages = new Set(documentedCases.map(({ signedBy }) => signedBy))
    expect([...languages].toSorted().join()).toBe(
      'Node,Node + Express,Node + jsonwebtoken,PHP,Python,Python + Flask,Ruby',
    )
  })

  it('are lost in a form only where the signer escaped what JavaScript does not escape', () => {
    const lost = deliveries.filter(
      ({ by, expected }) => by === 'form' && expected === '401 signature_invalid',
    )
    expect(lost.map(({ documented }) => documented.id).toSorted()).toEqual(ESCAPED_BY_THE_SIGNER)
  })
})

it.each(documentedCases)(
  'a documented credential is accepted in every delivery: $id',
  async (documented) => {
    const { portal, options, user, endsAt } = documented
    // the samples reuse nonces, and the default store is one per process
    const store = 'nonce' in user && { replayStore: memoryReplayStore() }
    const { send } = await coreFront.open(portal(), { ...options, ...store })
    const answers: object[] = []
    for (const { by, request } of documented.deliveries) {
      const answer = await send(request)
      const { user: seen, auth } = answer.handled ?? {}
      answers.push({ by, outcome: outcomeOf(answer), seen, end: auth?.expiresAt?.getTime() })
    }
    expect(answers).toEqual(
      documented.deliveries.map(({ by, expected }) => ({
        by,
        outcome: expected,
        ...(expected === '200' && { seen: user, end: endsAt }),
      })),
    )
  },
)

/** Accepted, and not used up by that. */
const reusable = documentedCases.filter(
  ({ user, deliveries }) => !('nonce' in user) && deliveries[0]?.expected === '200',
)

it.each(reusable)(
  'a guard refuses $id once it has expired, though it was accepted before',
  async ({ portal, options, deliveries, endsAt }) => {
    let time = 0
    const { send } = await coreFront.open(portal(), { now: () => time, clockTolerance: 0 })
    const outcomes: string[] = []
    for (time of [options.now!(), endsAt - 1, endsAt + 1]) {
      outcomes.push(outcomeOf(await send(deliveries[0]!.request))) // each has one
    }
    expect(outcomes).toEqual(['200', '200', '401 token_expired'])
  },
)
