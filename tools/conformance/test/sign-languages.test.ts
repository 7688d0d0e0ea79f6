import { spawnSync } from 'node:child_process'
import { createSigner } from '@countersign/core'
import { SCHEMES } from '../src/catalogue'
import { NOW, now, portals, SECRET } from '../src/samples'
import { READERS, type Reader } from './signature-readers'

const second = Math.floor(NOW / 1000)
const users = [
  { id: 'u1', email: 'ada@example.com', name: 'Ada' },
  { id: 'josé', email: 'josé@example.com', name: 'José Ñandú 山田 😀' },
  { id: 'a"b\\c/d', email: "o'neil@example.com", name: '"quoted" \\ / </script> \u2028' },
  { id: 42, email: 'x@example.com', name: null },
]

type User = (typeof users)[number]

/** The claims that the documentation of each scheme requires. */
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
  const claims = { sub: String(id), email, ...(name !== null && { name }) }
  return { ...claims, exp: second + 3_600, iat: second, project_key: 'abc123' }
}

interface Sent {
  readonly scheme: string
  readonly secret: string
  readonly token?: string
  readonly body?: string
}

async function replies(): Promise<readonly Sent[]> {
  const sent: Sent[] = []
  for (const scheme of SCHEMES) {
    const signer = createSigner<ReturnType<typeof portals>['seggwat']>(portals()[scheme] as never, {
      now,
    }) // each takes these users
    const secret = SECRET[scheme === 'jwt' ? 'seggwat' : scheme]
    for (const user of users) sent.push({ scheme, secret, ...(await signer.sign(user)) })
  }
  return sent
}

/** The same with something changed: the body where there is one, otherwise the secret. */
function changed(sent: Sent): Sent {
  const { body, secret } = sent
  return body === undefined ? { ...sent, secret: `${secret}.` } : { ...sent, body: `${body} ` }
}

function readBy({ command, args }: Reader, sent: readonly Sent[]): unknown {
  const input = JSON.stringify(sent)
  const { stdout, stderr } = spawnSync(command, args, { input, encoding: 'utf8' })
  return stdout === '' ? stderr : (JSON.parse(stdout) as unknown)
}

describe('what the signers make', () => {
  for (const [language, reader] of Object.entries(READERS)) {
    const isInstalled = spawnSync(reader.command, ['--version']).status === 0
    if (!isInstalled) process.stderr.write(`SKIPPED: ${language}: no "${reader.command}" here\n`)
    const test = isInstalled ? it : it.skip

    test(`is valid for plain code in ${language}, and invalid once it is changed`, async () => {
      const sent = await replies()
      const expected = SCHEMES.flatMap((scheme) => users.map((user) => documented[scheme]?.(user)))
      expect(readBy(reader, sent)).toEqual(expected)
      expect(readBy(reader, sent.map(changed))).toEqual(sent.map(() => null))
    })
  }
})
