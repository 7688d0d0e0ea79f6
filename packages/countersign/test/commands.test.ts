import { secret } from './support/built'
import { run, type Surroundings } from './support/console'

const featkit = ['-p', 'featkit', '--slug', 'acme', '--secret-env', 'SECRET']
const fdback = ['-p', 'fdback', '--workspace-id', 'w_1', '--secret-env', 'SECRET']

async function linkOf(...more: readonly string[]): Promise<string> {
  return (await run(['sign', ...featkit, '--id', '42', ...more])).out.trim()
}

describe('sign', () => {
  it('prints the URL alone, and whom it is for on the other stream', async () => {
    const { code, out, err } = await run(['sign', ...featkit, '--id', '42', '--expires-in', '2h'])
    expect(out).toMatch(/^https:\/\/featkit\.com\/p\/acme\?token=\S+\n$/)
    expect([code, err]).toEqual([0, 'featkit link for 42, valid until 2026-09-10T14:00:00.000Z\n'])
  })

  it('makes the link of a browser client for a portal that takes requests', async () => {
    const { out } = await run(['sign', ...fdback, '--email', 'ada@example.com'])
    expect(await run(['verify', ...fdback, out.trim()])).toMatchObject({ code: 0 })
  })

  it.each([
    ['90', '12:01:30'],
    ['90s', '12:01:30'],
    ['15m', '12:15:00'],
    ['1.5h', '13:30:00'],
  ])('takes %s for the life of a link', async (life, end) => {
    const { err } = await run(['sign', ...featkit, '--id', '42', '--expires-in', life])
    expect(err).toContain(`valid until 2026-09-10T${end}`)
  })
})

describe('verify', () => {
  it('prints the user', async () => {
    const { code, out } = await run(['verify', ...featkit, await linkOf('--name', 'Ada')])
    expect([code, out]).toEqual([0, expect.stringMatching(/✔ accepted[^]*id +42[^]*name +Ada/)])
  })

  it('prints the code, and the command that explains it', async () => {
    const now = Date.parse('2026-09-12T12:00:00Z')
    const { code, out, err } = await run(['verify', ...featkit, await linkOf()], { now })
    expect([code, out]).toEqual([1, expect.stringContaining('✖ refused  token_expired')])
    expect(err).toBe('For the mistake behind it: countersign explain --portal featkit\n')
  })

  it.each(['-', undefined])('reads standard input, given %p', async (argument) => {
    const given = argument === undefined ? [] : [argument]
    const stdin = `curl '${await linkOf()}'\n`
    expect(await run(['verify', ...featkit, ...given], { stdin })).toMatchObject({ code: 0 })
  })

  it('shows control characters of others as symbols', async () => {
    const { stdin } = { stdin: `GET /?token=\u001b[31m HTTP/1.1\n\n` }
    const { out } = await run(['explain', ...featkit], { stdin })
    expect(out).not.toContain('\u001b')
    expect(out).toContain('␛')
  })
})

describe('explain', () => {
  const broken = async () => (await linkOf()).toUpperCase().replace(/.*TOKEN=/, '')

  it('names the mistake, marks it and shows the line of each language', async () => {
    const link = `${await linkOf()}00`
    const { code, out } = await run(['explain', ...featkit, link])
    expect(code).toBe(1)
    expect(out).toMatch(
      /✖ refused {2}token_malformed\n\nThe signature was changed after it was made: something follows it\.\n/,
    )
    expect(out).toMatch(/[0-9a-f]{20}00\n +\^\^\n/)
    const { out: cut } = await run(['explain', ...featkit, link.slice(0, -66)])
    expect(cut).toMatch(/There is no signature[^]*\n +\^\n/)
    for (const language of ['javascript', 'python', 'php', 'ruby', 'curl']) {
      expect(out).toMatch(new RegExp(`^ {3}${language} `, 'm'))
    }
    expect(out).toContain('Decoded, read from ?token, issued 2026-09-10T12:00:00.000Z')
  })

  it('shows one language only, where one is named', async () => {
    const { out } = await run(['explain', ...featkit, '--language', 'ruby', await broken()])
    expect(out).toMatch(/^ {3}ruby /m)
    expect(out).not.toMatch(/^ {3}php /m)
  })

  it('compares other secrets by the names of their variables', async () => {
    const env = { OLD: 'another secret of this portal, long enough' }
    const old = ['-p', 'featkit', '--slug', 'acme', '--secret-env', 'OLD']
    const { out: link } = await run(['sign', ...old, '--id', '1'], { env })
    const given = ['explain', ...featkit, '--other-env', 'OLD', link.trim()]
    expect((await run(given, { env })).out).toContain('another secret: OLD.')
  })

  it('recognizes the credential of another portal, whatever its id', async () => {
    const { out } = await run(['explain', '-p', 'harlyy', '--secret-env', 'SECRET', await linkOf()])
    expect(out).toContain('This is a valid credential of featkit, and it was sent to harlyy.')
    const other = ['-p', 'seggwat', '--project-key', 'acme', '--secret-env', 'SECRET']
    const { out: link } = await run(['sign', ...other, '--id', '1'])
    const { out: found } = await run(['explain', ...featkit, link.trim()])
    expect(found).toContain('This is a valid credential of seggwat, and it was sent to featkit.')
  })

  it('has nothing to say about a valid credential', async () => {
    const { code, out } = await run(['explain', ...featkit, await linkOf()])
    expect([code, out]).toEqual([0, expect.stringMatching(/^✔ accepted\n\nDecoded/)])
  })

  it('colours what it prints where that is wanted', async () => {
    const env = { FORCE_COLOR: '1' }
    const { out } = await run(['explain', ...featkit, await broken()], { env })
    expect(out).toContain('\u001b[1m\u001b[31m✖ refused')
  })
})

describe('secret', () => {
  it('prints 32 random bytes, or a line of an .env file', async () => {
    const { out } = await run(['secret'])
    expect(out).toMatch(/^[\w-]{43}\n$/)
    expect((await run(['secret'])).out).not.toBe(out)
    expect((await run(['secret', '--env', 'A_1'])).out).toMatch(/^A_1=[\w-]{43}\n$/)
  })
})

describe('link', () => {
  it('prints the link in every form, with a QR code', async () => {
    const { out } = await run(['link', ...featkit, '--id', '42'])
    expect(out).toMatch(/curl -i 'https:[^]*request\(app\)\.get\("\/p\/acme\?token=[^]*[▀▄█]{8}/)
  })

  it('prints the request of a portal that takes one', async () => {
    const { out } = await run(['link', ...fdback, '--email', "o'hara@example.com"])
    expect(out).toContain(`--data-raw '{"email":"o'\\''hara@example.com"}'`)
    expect(out).toMatch(/request\(app\)\.post\("\/api\/auth\/sdk-login"\)\.set\(\{"x-workspace-id"/)
    const curl = /^curl .*$/m.exec(out)![0]
    expect(await run(['verify', ...fdback, curl])).toMatchObject({ code: 0 })
  })
})

describe('the secret', () => {
  const sign = ['sign', '-p', 'featkit', '--slug', 'acme', '--id', '42']

  it.each<[string, readonly string[], Surroundings]>([
    ['a variable', ['--secret-env', 'SECRET'], {}],
    ['a file', ['--secret-file', 'key'], { files: { key: `${secret}\n` } }],
    ['a question', [], { typed: secret }],
  ])('comes from %s', async (_, options, surroundings) => {
    const { code, out, err } = await run([...sign, ...options], surroundings)
    expect([code, out]).toEqual([0, `${await linkOf()}\n`])
    expect(out + err).not.toContain(secret)
  })

  it.each<[string, readonly string[], Surroundings, number, RegExp]>([
    [
      'on the command line',
      ['--secret', secret],
      {},
      2,
      /can be read by every user of this machine/,
    ],
    ['twice', ['--secret-env', 'SECRET', '--secret-file', 'key'], {}, 2, /not both/],
    ['without a terminal', [], { stdin: '' }, 2, /There is no terminal/],
    ['in an unset variable', ['--secret-env', 'NO'], {}, 3, /variable NO is not set/],
    ['in an empty variable', ['--secret-env', 'NO'], { env: { NO: '' } }, 3, /NO is empty/],
    ['in a missing file', ['--secret-file', 'no'], {}, 3, /file no cannot be read \(ENOENT\)/],
    ['of four characters', ['--secret-env', 'NO'], { env: { NO: 'abcd' } }, 3, /featkit/],
  ])('is refused %s', async (_, options, surroundings, code, message) => {
    const ended = await run([...sign, ...options], surroundings)
    expect(ended).toEqual({ code, out: '', err: expect.stringMatching(message) })
    expect(ended.err).not.toContain(secret)
  })
})

describe('a command line', () => {
  it.each<[string, readonly string[], number, RegExp]>([
    ['without a portal', ['sign'], 2, /required option '-p, --portal <name>'/],
    ['with an unknown portal', ['sign', '-p', 'acme'], 2, /Allowed choices are/],
    ['with an unknown option', ['sign', ...featkit, '--ide', '1'], 2, /Did you mean --id\?/],
    ['with an unknown command', ['singn'], 2, /Did you mean sign\?/],
    [
      'with a property of another portal',
      ['sign', ...featkit, '--avatar', 'x'],
      2,
      /unknown option '--avatar'/,
    ],
    ['with a nonce of no use', ['sign', ...featkit, '--nonce', 'x'], 2, /unknown option '--nonce'/],
    ['with a wrong life', ['sign', ...featkit, '--id', '1', '--expires-in', '2w'], 2, /15m, 2h/],
    ['with a wrong port', ['serve', ...featkit, '--port', 'x'], 2, /not a port/],
    ['with a wrong variable', ['secret', '--env', 'A-B'], 2, /cannot be the name/],
    [
      'without an id',
      ['sign', '-p', 'featkit', '--secret-env', 'SECRET', '--id', '1'],
      2,
      /^Signing for featkit needs --slug\.\n$/,
    ],
    ['without a user', ['sign', ...featkit], 3, /\S/],
    [
      'with too long a life',
      ['sign', ...featkit, '--id', '1', '--expires-in', '9d'],
      2,
      /--expires-in/,
    ],
  ])('%s is refused with a reason', async (_, argv, code, message) => {
    expect(await run(argv)).toEqual({ code, out: '', err: expect.stringMatching(message) })
  })

  it('without a credential is refused', async () => {
    const ended = await run(['verify', ...featkit], { stdin: ' \n' })
    expect(ended).toMatchObject({ code: 2, out: '', err: expect.stringContaining('Nothing was') })
  })

  it('with an empty credential is refused', async () => {
    const ended = await run(['explain', ...featkit, ''])
    expect(ended).toMatchObject({ code: 2, out: '', err: expect.stringContaining('is empty') })
  })

  it('takes the name of a portal as code spells it', async () => {
    const sign = ['sign', '-p', 'identifierHash', '--secret-env', 'SECRET', '--id', '42']
    const { code, out, err } = await run(sign)
    expect([code, out]).toEqual([0, expect.stringMatching(/^42\.[0-9a-f]{64}\n$/)])
    expect(err).toBe('identifier-hash value for 42, valid until the secret changes\n')
  })

  it('names the portal whose other format was given', async () => {
    const seggwat = ['--project-key', 'abc123', '--secret-env', 'SECRET']
    for (const [signed, given] of [
      ['seggwat-jwt', 'seggwat'],
      ['seggwat', 'seggwat-jwt'],
    ] as const) {
      const { out } = await run(['sign', '-p', signed, ...seggwat, '--id', '42'])
      const link = out.trim()
      const verified = await run(['verify', '-p', given, ...seggwat, link])
      expect(verified).toMatchObject({
        code: 1,
        err: `It is valid as ${signed}: pass --portal ${signed}.\n`,
      })
      const explained = await run(['explain', '-p', given, ...seggwat, link])
      expect(explained.out).toMatch(
        /This is a (?:JWT|payload and its signature), and the portal expects/,
      )
      expect(explained.err).toBe(`If the portal is in its other mode, pass --portal ${signed}.\n`)
    }
  })

  it('prints its version', async () => {
    expect(await run(['--version'])).toEqual({ code: 0, out: '0.1.0\n', err: '' })
  })
})
