import {
  compactJws,
  createVerifier,
  defineScheme,
  hs256,
  identifier,
  nonce,
  notProvided,
  query,
  seconds,
  text,
} from '@countersign/core'
import { forgeJwt } from '../support/forge'
import { NOW, now, outcome, view } from '../support/request'
import { CURRENT, FOREIGN } from '../support/secrets'

/** A scheme whose credentials can have every fault. */
const scheme = defineScheme({
  name: 'everything',
  carrier: query('token'),
  codec: compactJws,
  mac: hs256,
  claims: {
    user: { id: identifier('sub'), email: notProvided, name: notProvided },
    issuedAt: seconds('iat'),
    expiresAt: seconds('exp'),
    audience: text('aud'),
    nonce: nonce('jti'),
    unknown: 'drop',
  },
  limits: { maxLifetime: 3_600 },
  singleUse: { when: 'always', by: 'nonce' },
  audience: 'project',
  address: { origin: 'https://a.example', path: () => '/', ids: ['project'], expiresIn: 60 },
})

interface Sent {
  header: Record<string, unknown>
  claims: Record<string, unknown>
  secret: string
  tenant: string
  toPayload(claims: object): string | Uint8Array
  toToken(token: string): string
  toQuery(token: string): string
}

const valid = (): Sent => ({
  header: { alg: 'HS256' },
  claims: { sub: 'u1', iat: NOW / 1000, exp: NOW / 1000 + 60, aud: 'project', jti: 'unused' },
  secret: CURRENT,
  tenant: 'known',
  toPayload: JSON.stringify,
  toToken: (token) => token,
  toQuery: (token) => `token=${token}`,
})

interface Fault {
  readonly name: string
  readonly answer: string
  apply(sent: Sent): unknown
}

function fault(name: string, answer: string, apply: Fault['apply']): Fault {
  return { name, answer, apply }
}

/** In the order in which they must be found. Each breaks one thing and no other. */
const faults: readonly Fault[] = [
  fault('two parameters', '400 credential_ambiguous', (sent) => {
    sent.toQuery = (token) => `token=${token}&token=x`
  }),
  fault('a misspelt signature', '401 token_malformed', (sent) => {
    sent.toToken = (token) => token.replace(/.$/, '!')
  }),
  fault('an unknown header member', '401 token_malformed', ({ header }) => (header['crit'] = [])),
  fault('another algorithm', '401 algorithm_not_allowed', ({ header }) => (header['alg'] = 'none')),
  fault('a failing secret lookup', '503 secret_unavailable', (sent) => (sent.tenant = 'broken')),
  fault('another secret', '401 signature_invalid', (sent) => (sent.secret = FOREIGN)),
  fault('a payload that is not UTF-8', '401 token_malformed', (sent) => {
    sent.toPayload = (claims) => Buffer.from(`${JSON.stringify(claims)}\xff`, 'latin1')
  }),
  fault('a missing id', '401 claims_invalid', ({ claims }) => (claims['sub'] = null)),
  fault('a past expiry', '401 token_expired', ({ claims }) => (claims['exp'] = NOW / 1000)),
  fault('another audience', '401 audience_mismatch', ({ claims }) => (claims['aud'] = 'other')),
  fault('a used nonce', '401 token_replayed', ({ claims }) => (claims['jti'] = 'used')),
]

const portal = scheme({
  project: 'project',
  secret({ tenant }) {
    if (tenant === 'broken') throw new Error('no connection')
    return CURRENT
  },
})

/** The answer to a credential with these faults, and what the replay store was asked. */
async function answerTo(...present: readonly Fault[]) {
  const sent = valid()
  for (const { apply } of present) apply(sent)
  const claim = jest.fn(() => sent.claims['jti'] !== 'used')
  const verifier = createVerifier(portal, {
    now,
    replayStore: { claim, has: () => false, durable: true },
    tenant: () => sent.tenant,
  })
  const token = forgeJwt(sent.toPayload(sent.claims), sent)
  const request = view({ method: 'POST', query: sent.toQuery(sent.toToken(token)) })
  return [outcome(await verifier.verify(request)), claim.mock.calls.length] as const
}

const last = faults.at(-1)

describe('the order of checks', () => {
  it('accepts a credential without faults and uses it up', async () => {
    expect(await answerTo()).toEqual(['200', 1])
  })

  it.each(faults.map((each) => [each.name, each] as const))('refuses %s', async (_, each) => {
    expect(await answerTo(each)).toEqual([each.answer, each === last ? 1 : 0])
  })

  it.each(faults.slice(0, -1).map(({ name }, index) => [name, index] as const))(
    'reports %s before later faults',
    async (_, index) => {
      const first = faults[index] as Fault // its own index
      for (const second of faults.slice(index + 1)) {
        const answer = [second.name, ...(await answerTo(first, second))]
        expect(answer).toEqual([second.name, first.answer, 0])
      }
    },
  )
})
