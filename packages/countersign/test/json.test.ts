import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Ajv from 'ajv/dist/2020'
import { run } from './support/console'

const schema = JSON.parse(readFileSync(join(__dirname, '..', 'schema.json'), 'utf8')) as object // ours
const isValid = new Ajv({ strict: false }).compile(schema)

const featkit = ['-p', 'featkit', '--slug', 'acme', '--secret-env', 'SECRET']
const fdback = ['-p', 'fdback', '--workspace-id', 'w_1', '--secret-env', 'SECRET']
const user = ['--id', '42', '--name', 'Ada']

async function json(argv: readonly string[], stdin?: string): Promise<Record<string, unknown>> {
  const { out, err } = await run([...argv, '--json'], stdin === undefined ? {} : { stdin })
  expect(err).toBe('')
  return JSON.parse(out) as Record<string, unknown> // an object
}

describe('what --json prints', () => {
  it.each<[string, readonly string[], string | undefined]>([
    ['a link', ['sign', ...featkit, ...user], undefined],
    ['a request', ['sign', ...fdback, '--email', 'ada@example.com'], undefined],
    ['a test link', ['link', ...featkit, ...user], undefined],
    ['a test request', ['link', ...fdback, '--email', 'ada@example.com'], undefined],
    ['a secret', ['secret'], undefined],
    ['a secret for a variable', ['secret', '--env', 'A'], undefined],
    ['a refusal', ['verify', ...featkit], '?token=x'],
    ['an explanation of a link', ['explain', ...featkit], 'curl "/?token=e30.00"'],
    ['an explanation of a request', ['explain', ...fdback], 'x-timestamp: 1\nx-signature: 0\n\n{}'],
    ['an explanation of nothing', ['explain', ...featkit], 'nothing'],
  ])('follows the schema: %s', async (_, argv, stdin) => {
    const printed = await json(argv, stdin)
    expect(isValid(printed) ? [] : isValid.errors).toEqual([])
    expect(printed).toMatchObject({ schema: 'countersign/1', command: argv[0] })
    expect(isValid({ ...printed, more: 1 })).toBe(false)
    for (const name of Object.keys(printed)) {
      const { [name]: _left, ...rest } = printed
      expect(isValid(rest)).toBe(false)
    }
  })

  it('says the same as the exit code', async () => {
    const { url } = await json(['sign', ...featkit, ...user])
    const accepted = await json(['verify', ...featkit], String(url))
    expect(isValid(accepted) ? [] : isValid.errors).toEqual([])
    expect(accepted).toMatchObject({ verdict: 'accepted', user: { id: '42', name: 'Ada' } })
    expect(await json(['explain', ...featkit], String(url))).toMatchObject({ causes: [] })
  })
})
