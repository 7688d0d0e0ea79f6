import { spawnSync } from 'node:child_process'
import * as fc from 'fast-check'
import { featkit } from '../src'
import { link, NOW, SECRET, sign, textOf, verify } from './support'

const portal = featkit({ secret: SECRET, slug: 'acme' })

describe('a FeatKit credential', () => {
  it('has its claims in the documented order, whatever the order of the user', async () => {
    const { token } = await sign(portal, { name: 'Jane', email: 'j@example.com', id: 'u1' })
    expect(textOf(token)).toBe(
      '{"user_id":"u1","email":"j@example.com","name":"Jane","timestamp":1789000000,"expires":1789086400}',
    )
  })

  it('says null where there is no e-mail and no name', async () => {
    const { token } = await sign(portal, { id: 'u1' })
    expect(textOf(token)).toBe(
      '{"user_id":"u1","email":null,"name":null,"timestamp":1789000000,"expires":1789086400}',
    )
  })

  it.each([
    ['no padding', 'xyz', /^[\w-]+$/],
    ['one character', 'xy', /^[\w-]+=$/],
    ['two characters', 'x', /^[\w-]+==$/],
  ])('is padded where that takes %s', async (_, name, pattern) => {
    const { token = '' } = await sign(portal, { id: 'u1x', name })
    const [payload = '', signature] = token.split('.')
    expect(payload).toMatch(pattern)
    expect(payload.length % 4).toBe(0)
    expect(signature).toMatch(/^[0-9a-f]{64}$/)
  })

  it('is signed as padded text, so that taking the padding away breaks it', async () => {
    const { token = '' } = await sign(portal, { id: 'u1x', name: 'x' })
    expect(await verify(portal, link('token', token))).toMatchObject({ id: 'u1x' })
    const unpadded = link('token', token.replaceAll('=', ''))
    expect(await verify(portal, unpadded)).toBe('signature_invalid')
    const half = link('token', token.replace('==', '='))
    expect(await verify(portal, half)).toBe('token_malformed')
  })

  it('stands in the URL as it is, padding included', async () => {
    const { token, url } = await sign(portal, { id: 'u1x', name: 'x' })
    expect(url).toBe(`https://featkit.com/p/acme?token=${token}`)
  })
})

/** The documented construction in plain Python, for a list of users on standard input. */
const PYTHON = `
import base64, hashlib, hmac, json, sys
given = json.load(sys.stdin)
for user_id, email, name in given["users"]:
    claims = dict(user_id=user_id, email=email, name=name, timestamp=given["at"], expires=given["at"] + 86400)
    payload = base64.urlsafe_b64encode(json.dumps(claims, separators=(",", ":")).encode())
    print(payload.decode() + "." + hmac.new(given["secret"].encode(), payload, hashlib.sha256).hexdigest())
`
const hasPython = spawnSync('python3', ['--version']).status === 0
if (!hasPython) console.warn('SKIPPED: IS-04 against Python itself, there is no python3 here')

describe('IS-04 a FeatKit credential', () => {
  ;(hasPython ? it : it.skip)(
    'IS-04 is what Python makes of the same user, to the byte, for any ASCII text',
    async () => {
      const printable = fc.string({ unit: fc.integer({ min: 32, max: 126 }).map(toCharacter) })
      const user = fc.record({ id: fc.integer(), email: fc.constant('a@b.co'), name: printable })
      const users = fc.sample(user, { numRuns: 200, seed: 4 }).map((each, index) => ({
        id: `user ${each.id}/"\\${index}`,
        email: index % 2 ? each.email : null,
        name: index % 3 ? each.name : null,
      }))
      const ours = await Promise.all(users.map(async (each) => (await sign(portal, each)).token))
      const rows = users.map(({ id, email, name }) => [id, email, name])
      const input = JSON.stringify({ secret: SECRET, at: Math.floor(NOW / 1000), users: rows })
      const { stdout } = spawnSync('python3', ['-c', PYTHON], { input, encoding: 'utf8' })
      expect(stdout.trimEnd().split('\n')).toEqual(ours)
    },
  )
})

function toCharacter(code: number): string {
  return String.fromCharCode(code)
}
