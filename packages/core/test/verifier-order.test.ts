import {
  absent,
  compactJws,
  createVerifier,
  defineScheme,
  hs256,
  identifier,
  memoryReplayStore,
  nonce,
  query,
  seconds,
  text,
} from '@countersign/core'
import { forgeJwt } from './support/forge'
import { NOW, now, outcome, view } from './support/request'
import { CURRENT, FOREIGN } from './support/secrets'

/** A scheme in which everything that can be wrong can be wrong at once. */
const everything = defineScheme({
  name: 'everything',
  carrier: query('token'),
  codec: compactJws,
  mac: hs256,
  claims: {
    user: { id: identifier('sub'), email: absent, name: absent },
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
  toPayload(claims: object): string
  toToken(token: string): string
  toQuery(token: string): string
}

const right = (): Sent => ({
  header: { alg: 'HS256' },
  claims: { sub: 'u1', iat: NOW / 1000, exp: NOW / 1000 + 60, aud: 'project', jti: 'fresh' },
  secret: CURRENT,
  tenant: 'known',
  toPayload: JSON.stringify,
  toToken: (token) => token,
  toQuery: (token) => `token=${token}`,
})

type Fault = readonly [string, string, (sent: Sent) => unknown]

/** In the order in which they have to be found. Each breaks its own thing and no other. */
const faults: readonly Fault[] = [
  [
    'it is sent twice',
    '400 credential_ambiguous',
    (sent) => (sent.toQuery = (token) => `token=${token}&token=x`),
  ],
  [
    'its segments cannot be read',
    '401 token_malformed',
    (sent) => (sent.toToken = (token) => `${token}!`),
  ],
  ['its header knows too much', '401 token_malformed', ({ header }) => (header['crit'] = ['b64'])],
  [
    'its algorithm is another',
    '401 algorithm_not_allowed',
    ({ header }) => (header['alg'] = 'none'),
  ],
  ['its secret cannot be looked up', '503 secret_unavailable', (sent) => (sent.tenant = 'broken')],
  ['another secret signed it', '401 signature_invalid', (sent) => (sent.secret = FOREIGN)],
  [
    'its payload names something twice',
    '401 token_malformed',
    (sent) => (sent.toPayload = (claims) => JSON.stringify(claims).replace('{', '{"x":1,"x":1,')),
  ],
  ['it names nobody', '401 claims_invalid', ({ claims }) => (claims['sub'] = null)],
  ['it has ended', '401 token_expired', ({ claims }) => (claims['exp'] = NOW / 1000)],
  ['it is meant for others', '401 audience_mismatch', ({ claims }) => (claims['aud'] = 'other')],
  ['it was used before', '401 token_replayed', ({ claims }) => (claims['jti'] = 'used')],
]

async function answer(...broken: readonly Fault[]): Promise<string> {
  const sent = right()
  for (const [, , spoil] of broken) spoil(sent)
  const portal = everything({
    project: 'project',
    secret: ({ tenant }) => {
      if (tenant === 'broken') throw new Error('no connection')
      return CURRENT
    },
  })
  const replayStore = { ...memoryReplayStore({ now }), durable: true }
  const options = { now, replayStore, tenant: () => sent.tenant }
  const verifier = createVerifier(portal, options)
  const request = ({ header, claims, secret, toPayload, toToken, toQuery }: Sent) =>
    view({
      method: 'POST',
      query: toQuery(toToken(forgeJwt(toPayload(claims), { header, secret }))),
    })
  const first = right()
  first.claims['jti'] = 'used'
  const used = createVerifier(portal, { ...options, tenant: () => 'known' })
  expect(outcome(await used.verify(request(first)))).toBe('200')
  return outcome(await verifier.verify(request(sent)))
}

describe('a credential with two faults', () => {
  it('is accepted with none', async () => {
    expect(await answer()).toBe('200')
  })

  it.each(faults)('is refused where %s: %s', async (...fault) => {
    expect(await answer(fault)).toBe(fault[1])
  })

  const pairs = faults.flatMap((first, index) =>
    faults.slice(index + 1).map((second) => [first[0], second[0], first, second] as const),
  )

  it.each(pairs)('hears first that %s, not that %s', async (_, __, first, second) => {
    expect(await answer(first, second)).toBe(first[1])
    expect(await answer(second, first)).toBe(first[1])
  })
})
