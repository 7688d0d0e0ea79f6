import {
  base64url,
  compact,
  createSigner,
  createVerifier,
  defineScheme,
  hmacSha256,
  identifier,
  nonce,
  notProvided,
  optional,
  seconds,
  text,
  type Carrier,
  type ClaimsTable,
  type Field,
  type PortalFactory,
  type PortalUser,
  type UserOf,
} from '@countersign/core'
import { refusal, resultOf } from './support/errors'
import { hmac } from './support/forge'
import { accepted, NOW, now, outcome, view } from './support/request'
import { link } from './support/schemes'
import { CURRENT, PREVIOUS } from './support/secrets'

// A scheme as its author writes it: made of what core exports, with a carrier and a field of its own.

type Role = 'reader' | 'editor'

interface AcmeUser extends PortalUser {
  readonly scheme: 'acme'
  readonly id: string
  readonly role: Role
  readonly team: string | null
}

interface AcmeInput {
  readonly id: string
  readonly role: Role
  readonly team?: string
}

const header: Carrier<string> = {
  places: ['x-acme-user'],
  parameters: [],
  read(request) {
    const [value] = request.headers('x-acme-user')
    return value === undefined ? undefined : { place: 'x-acme-user', value }
  },
  write: (value) => ({ headers: { 'x-acme-user': value } }),
}

const role: Field<Role> = {
  claim: 'r',
  read: (raw) => (text('r').read(raw) === 'editor' ? 'editor' : 'reader'),
  write: (value) => value,
}

const user: ClaimsTable<AcmeUser, AcmeInput>['user'] = {
  id: identifier('who'),
  email: notProvided,
  name: notProvided,
  role,
  team: optional(text('team', 20)),
}

const acme: PortalFactory<AcmeUser, AcmeInput, 'site'> = defineScheme({
  name: 'acme',
  carrier: header,
  codec: compact({ payload: base64url, signature: base64url, signs: 'bytes' }),
  mac: hmacSha256,
  claims: { user, expiresAt: seconds('ends'), nonce: nonce('once'), unknown: 'refuse' },
  limits: { maxLifetime: 600 },
  singleUse: { when: 'always', by: 'nonce' },
  address: {
    origin: 'https://acme.example',
    path: ({ site }) => `/sites/${site}/enter`,
    ids: ['site'],
    expiresIn: 120,
  },
})

const portal = acme({ secret: CURRENT, site: 'main' })
const signer = createSigner(portal, { now })
const editor: AcmeInput = { id: 'u1', role: 'editor', team: 'red' }
const post = (headers: Readonly<Record<string, string>> = {}) =>
  view({ method: 'POST', headers: Object.entries(headers) })

describe('a scheme of your own', () => {
  it('signs under its own names, in its own order, to its own place', async () => {
    const payload = `{"who":"u1","r":"editor","team":"red","ends":${NOW / 1000 + 120},"once":"n1"}`
    const signature = hmac(CURRENT, payload).toString('base64url')
    const token = `${Buffer.from(payload).toString('base64url')}.${signature}`
    expect(await signer.sign(editor, { nonce: 'n1' })).toEqual({
      url: 'https://acme.example/sites/main/enter',
      headers: { 'x-acme-user': token },
      token,
      expiresAt: NOW + 120_000,
    })
  })

  it('verifies what it signed, once, also beside another portal', async () => {
    const verifier = createVerifier([portal, link({ secret: PREVIOUS })], { now })
    const { headers } = await signer.sign(editor)
    const { user: verified, inUrl } = accepted(await verifier.verify(post(headers)))
    expect(verified).toEqual({ scheme: 'acme', email: null, name: null, ...editor })
    expect(inUrl).toBe(false)
    expect(outcome(await verifier.verify(post(headers)))).toBe('401 token_replayed')
  })

  it('checks the user by its own fields before it signs', async () => {
    const error = await refusal(signer.sign({ ...editor, team: 'x'.repeat(21) }))
    expect(error).toMatchObject({ code: 'user_invalid', detail: expect.stringMatching(/^"team" /) })
  })
})

describe('the types of a scheme of your own', () => {
  it('are those of its user and its input', async () => {
    const { headers } = await signer.sign(editor)
    const verified = accepted(await createVerifier(portal, { now }).verify(post(headers))).user
    const { role: ownRole, team, scheme } = verified
    const right: readonly [Role, string | null, 'acme'] = [ownRole, team, scheme]
    // @ts-expect-error -- a role is not a number
    const wrong: number = verified.role
    // @ts-expect-error -- there is no such property
    expect([...right, wrong, verified.plan]).toEqual(['editor', 'red', 'acme', 'editor', undefined])
    // @ts-expect-error -- a user has an id
    expect(await refusal(signer.sign({ role: 'reader' }))).toMatchObject({ code: 'user_invalid' })
    // @ts-expect-error -- the scheme has a name of its own
    const other: UserOf<typeof portal> = { ...verified, scheme: 'link' }
    expect(other.id).toBe('u1')
  })

  it('allow only options that exist', () => {
    // @ts-expect-error -- it has no such id
    expect(resultOf(() => acme({ secret: CURRENT, slug: 'main' }))).toBe('option_unknown')
    // @ts-expect-error -- a secret is not a number
    expect(resultOf(() => acme({ secret: 7 }))).toBe('secret_type')
  })

  it('require a field of the right type for every property', () => {
    const { role: _, ...incomplete } = user
    const tables: readonly ClaimsTable<AcmeUser, AcmeInput>[] = [
      // @ts-expect-error -- the role is missing
      { user: incomplete, unknown: 'drop' },
      // @ts-expect-error -- a team is text, not a time
      { user: { ...user, team: seconds('t') }, unknown: 'drop' },
      // @ts-expect-error -- there are two ways to treat an unknown member
      { user, unknown: 'keep' },
    ]
    expect(tables).toHaveLength(3)
  })
})
