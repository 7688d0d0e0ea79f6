import { spawnSync } from 'node:child_process'
import { FRAMEWORKS, type Framework } from './transport-frameworks'
import { portals, SECRET } from './transport-kit'
import { call, NOW, SCHEMES } from './sign-endpoint-kit'
import { READERS, type Reader } from './sign-endpoint-readers'

const second = Math.floor(NOW / 1000)
const users = [
  { id: 'u1', email: 'ada@example.com', name: 'Ada' },
  { id: 'josé', email: 'josé@example.com', name: 'José Ñandú 山田 😀' },
  { id: 'a"b\\c/d', email: "o'neil@example.com", name: '"quoted" \\ / </script> \u2028' },
  { id: 42, email: 'x@example.com', name: null },
]

type User = (typeof users)[number]

/** What each scheme's documentation says must be in there. */
const documented: Readonly<Record<string, (user: User) => object>> = {
  featkit: ({ id, email, name }) => ({
    user_id: String(id),
    email,
    name,
    timestamp: second,
    expires: second + 86_400,
  }),
  seggwat: seggwatClaims,
  jwt: seggwatClaims,
  harlyy: () => ({ nonce: expect.any(String) as string, exp: NOW + 604_800_000 }),
  fdback: ({ email, name }) => ({ email, ...(name !== null && { name }) }),
}

function seggwatClaims({ id, email, name }: User): object {
  const who = { sub: String(id), email, ...(name !== null && { name }) }
  return { ...who, exp: second + 3_600, iat: second, project_key: 'abc123' }
}

interface Sent {
  readonly scheme: string
  readonly secret: string
  readonly token?: string
  readonly body?: string
}

async function replies(framework: Framework): Promise<readonly Sent[]> {
  const sent: Sent[] = []
  for (const scheme of SCHEMES) {
    for (const user of users) {
      const options = { user: () => user }
      const { body } = await call(framework, { portal: portals()[scheme], options })
      const secret = scheme === 'jwt' ? SECRET.seggwat : SECRET[scheme]
      sent.push({ scheme, secret, ...(JSON.parse(body) as object) })
    }
  }
  return sent
}

/** The same with one letter of what was signed in upper case. */
function changed({ scheme, secret, token, body, ...rest }: Sent): Sent {
  return token === undefined
    ? { ...rest, scheme, secret, body: body?.replace('example', 'Example') ?? '' }
    : { ...rest, scheme, secret: `${secret}.`, token }
}

function readBy({ command, args }: Reader, sent: readonly Sent[]): unknown {
  const input = JSON.stringify(sent)
  const { stdout, stderr } = spawnSync(command, args, { input, encoding: 'utf8' })
  return stdout === '' ? stderr : (JSON.parse(stdout) as unknown)
}

describe.each(FRAMEWORKS)('SE-24 what a sign endpoint answers, on $name', (framework) => {
  for (const [language, reader] of Object.entries(READERS)) {
    const isThere = spawnSync(reader.command, ['--version']).status === 0
    if (!isThere)
      console.warn(`SKIPPED: SE-24 in ${language}, there is no "${reader.command}" here`)
    const test = isThere ? it : it.skip

    test(`SE-24 is right by plain code in ${language}, for each scheme`, async () => {
      const sent = await replies(framework)
      const expected = SCHEMES.flatMap((scheme) => users.map((user) => documented[scheme]?.(user)))
      expect(readBy(reader, sent)).toEqual(expected)
    })

    test(`SE-24 is wrong by the same code in ${language} once it was changed`, async () => {
      const sent = (await replies(framework)).map(changed)
      expect(readBy(reader, sent)).toEqual(sent.map(() => null))
    })
  }
})
