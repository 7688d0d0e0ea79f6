import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { NOW, secret } from './support/built'
import { run } from './support/console'

const page = readFileSync(join(__dirname, '..', '..', '..', 'docs', 'explain.md'), 'utf8')

const iat = NOW / 1000
const hmac = (key: string, input: string) => createHmac('sha256', key).update(input)

/** What the signers on the page send, each with the mistake that the page tells of. */
const GIVEN: Readonly<Record<string, () => string>> = {
  featkit() {
    const claims = { user_id: '42', email: null, name: 'Ada', timestamp: iat, expires: iat + 3600 }
    const payload = Buffer.from(JSON.stringify(claims)).toString('base64url')
    const padded = payload.padEnd(Math.ceil(payload.length / 4) * 4, '=')
    return `https://featkit.com/p/acme?token=${padded}.${hmac(`${secret}\n`, padded).digest('hex')}`
  },
  fdback() {
    const signed = '{"email":"ada@example.com","name":"Ada"}'
    const sent = '{"email": "ada@example.com", "name": "Ada"}'
    const signature = hmac(secret, `${NOW}.${signed}`).digest('hex')
    const headers = { 'x-workspace-id': 'w_1', 'x-timestamp': NOW, 'x-signature': signature }
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
    return ['POST /api/auth/sdk-login HTTP/1.1', ...lines, '', sent].join('\n')
  },
  harlyy() {
    const links = Array.from({ length: 50 }, (_, index) => {
      const claims = { nonce: `invitation-${index}`, exp: NOW + 86_400_000 }
      const payload = Buffer.from(JSON.stringify(claims)).toString('base64')
      return `https://survey.harlyy.com/b_1/s_1?sig=${payload}.${hmac(secret, payload).digest('base64')}`
    })
    const one = links.find((link) => link.split('+').length === 2)!
    return one.replace('+', ' ')
  },
}

/** The commands on the page, and the lines that they print. Left out lines are an ellipsis. */
const sessions = [...page.matchAll(/```console\n\$ (countersign explain [^]*?)\n([^]*?)```/g)].map(
  ([, command = '', output = '']) => ({ command, output }),
)

it('has three cases on its page', () => {
  expect(sessions.length).toBe(3)
})

it.each(sessions)('prints what the page says: $command', async ({ command, output }) => {
  const [, portal = ''] = /-p (\w+)/.exec(command) ?? []
  const argv = command
    .replace(/ (?:"\$\w+"|< \S+)$/, '')
    .split(' ')
    .slice(1)
  const env = { FEATKIT_SECRET: secret, FDBACK_SECRET: secret, HARLYY_SECRET: secret }
  const { code, out } = await run(argv, { env, stdin: GIVEN[portal]!() })
  expect(code).toBe(1)
  const printed = out.split('\n')
  const wanted = output.split('\n').filter((line) => line !== '' && line.trim() !== '…')
  for (const line of wanted) expect(printed).toContain(line)
})
