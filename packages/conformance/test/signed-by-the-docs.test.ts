import { documentedCases, fronts, verdictOf } from '../src'

/** Signed with `\uXXXX` escapes where JavaScript writes the character: a form cannot tell. */
const ESCAPED_BY_THE_SIGNER = ['py', 'php'].flatMap((language) =>
  ['02', '04', '08', '14'].map((number) => `fdback_${language}-${number}`),
)

const deliveries = documentedCases.flatMap((documented) =>
  documented.deliveries.map((delivery) => ({ documented, ...delivery })),
)

describe('what the samples of the documentation signed', () => {
  it('comes from the samples of four portals, in JavaScript, PHP, Python and Ruby', () => {
    expect(documentedCases).toHaveLength(94)
    const languages = new Set(documentedCases.map(({ signedBy }) => signedBy))
    expect([...languages].toSorted().join()).toBe(
      'Node,Node + Express,Node + jsonwebtoken,PHP,Python,Python + Flask,Ruby',
    )
  })

  it('arrives by form with another text, where the signer escaped what JavaScript does not', () => {
    const lost = deliveries.filter(
      ({ by, expected }) => by === 'form' && expected === '401 signature_invalid',
    )
    expect(lost.map(({ documented }) => documented.id).toSorted()).toEqual(
      ESCAPED_BY_THE_SIGNER.toSorted(),
    )
  })

  it('fits btoa, but for six replies with characters above U+00FF', () => {
    const count = (way: string): number => deliveries.filter(({ by }) => by === way).length
    expect(count('data, UTF-8') - count('data, btoa')).toBe(6)
  })
})

describe.each(fronts)('what the samples signed, on $name', (front) => {
  const titled = deliveries.map((delivery) => ({ id: delivery.documented.id, ...delivery }))

  it.each(titled)('is judged rightly: $id by $by', async ({ documented, request, expected }) => {
    const open = await front.open(documented.portal(), documented.options)
    const answer = await open.send(request)
    await open.close()
    expect(verdictOf(answer)).toBe(expected)
    const { user, endsAt } = documented
    const seen = { user: answer.handled?.user, end: answer.handled?.auth?.expiresAt?.getTime() }
    expect(seen).toEqual(expected === '200' ? { user, end: endsAt } : {})
  })
})
