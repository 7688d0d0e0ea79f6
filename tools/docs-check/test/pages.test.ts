import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Express } from 'express'
import request from 'supertest'
import { createSigner, featkit, type Signed } from '@countersign/express'
import { run } from './run'
import {
  blocksOf,
  documents,
  example,
  examplesOf,
  markdownUnder,
  readDocument,
  type Example,
} from './documents'

const env =
  `FEATKIT SEGGWAT_SIGNING HARLYY FDBACK ACME NEW OLD INTERCOM CANNY FEATUREBASE USERJOT ZENDESK
  ZENDESK_MESSAGING DISCOURSE CHATWOOT`.split(/\s+/)
for (const name of env) process.env[`${name}_SECRET`] = `the ${name} secret of the pages, and long`

const all = documents().flatMap(examplesOf)
const pages = markdownUnder('docs').filter((path) => !path.startsWith('docs/decisions/'))
const tests = all.filter(({ file }) => file?.endsWith('.test.ts'))

interface Page {
  readonly app: Express
}

/** What a page's app signs for Ada. */
async function signedBy(app: Express, path: string): Promise<Signed> {
  const signedOut = await request(app).post(path)
  expect(signedOut.status).toBe(401)
  expect(signedOut.body.code).toBe('unauthenticated')
  const signed = await request(app).post(path).set('cookie', 'session=ada')
  if (signed.status === 302) return { url: signed.headers['location'] ?? '', expiresAt: NaN }
  expect(signed.status).toBe(200)
  return signed.body as Signed
}

// refusals that the README's portal logs
beforeAll(() => void jest.spyOn(console, 'warn').mockImplementation())
afterAll(() => jest.restoreAllMocks())

// the pages' own tests are run as well
for (const each of tests) describe(`${each.name}`, () => void run(each))

describe('the app of a page', () => {
  it.each([
    ['FeatKit', 'featkit', example('docs/portals/featkit.md', 'app.ts'), '?token='],
    ['SeggWat', 'seggwat', example('docs/portals/seggwat.md', 'app.ts'), '&embed=true'],
    ['SeggWat, with a new secret', 'seggwat', example('docs/rotate-a-secret.md', 'app.ts'), ''],
    ['Harlyy', 'harlyy', example('docs/portals/harlyy.md', 'app.ts'), '?sig='],
  ])('signs for %s what the portal of that page accepts', async (_, name, page, part) => {
    const { url } = await signedBy(run<Page>(page).app, `/api/${name}/sign`)
    expect(url).toContain(part)
    const { app } = run<Page>(example(page.document, 'portal.ts'))
    const { pathname, search } = new URL(url)
    expect((await request(app).get(pathname + search)).status).toBe(200)
    expect((await request(app).get(pathname)).status).toBe(401)
  })

  it('signs for fdback what the portal of that page accepts', async () => {
    const { app } = run<Page>(example('docs/portals/fdback.md', 'app.ts'))
    const signed = await signedBy(app, '/api/fdback/sign')
    expect(Object.keys(signed)).toEqual(['url', 'headers', 'body', 'expiresAt'])
    const portal = run<Page>(example('docs/portals/fdback.md', 'portal.ts')).app
    const post = request(portal).post(new URL(signed.url).pathname).type('json')
    const answer = await post.set({ ...signed.headers }).send(signed.body)
    expect([answer.status, answer.body.id]).toEqual([200, 'ada@example.com'])
  })

  it('responds to and logs a refusal as the pages of refusals and errors say', async () => {
    const page = run<Page & { log: string[] }>(example('docs/refused-links.md', 'app.ts'))
    const portal = featkit({ slug: 'acme', secret: process.env['FEATKIT_SECRET'] })
    const signer = createSigner(portal, { now: () => Date.now() - 48 * 3_600_000 })
    const { token } = await signer.sign({ id: 1 })
    const answer = await request(page.app).get('/p/acme').query({ token })
    const told = blocksOf('docs/errors.md').find(({ language }) => language === 'json')
    expect(answer.text).toBe(JSON.stringify(JSON.parse(told?.code ?? '')))
    await request(page.app).get('/p/acme').query({ token: 'a.b' }).expect(401)
    expect(page.log).toEqual([
      expect.stringMatching(/^token_expired: \w/),
      expect.stringMatching(/^token_malformed: \w/),
    ])
  })
})

describe('the blocks of the documents', () => {
  it('are run', () => {
    const idle = all.filter((each) => !isRun(each))
    expect(all.length).toBeGreaterThan(30)
    expect(idle.map(({ name }) => name)).toEqual([])
  })

  it('name their file, on the pages', () => {
    const nameless = pages.flatMap(examplesOf).filter(({ file }) => file === undefined)
    expect(nameless.map(({ name }) => name)).toEqual([])
    for (const page of pages) {
      const files = examplesOf(page).map(({ file }) => file)
      expect(files).toEqual([...new Set(files)])
    }
  })

  it('are code, or commands and responses that a test compares', () => {
    const languages = (path: string) => new Set(blocksOf(path).map(({ language }) => language))
    const others = pages.flatMap((path) => [...languages(path)].map((each) => `${path} ${each}`))
    expect(others.filter((each) => !/ (?:ts|js)$/.test(each))).toEqual([
      'docs/add-signed-users.md html', // pages-forms.test.ts posts the forms
      'docs/errors.md json',
      'docs/explain.md console', // packages/countersign runs them
      'docs/getting-started.md sh',
      'docs/getting-started.md json',
      'docs/other-servers.md javascript', // examples/workers runs it
      'docs/portals/fdback.md html',
      'docs/portals/featkit.md html',
      'docs/portals/harlyy.md html',
      'docs/sessions-and-frames.md html',
      'docs/testing.md text',
    ])
  })
})

const testFiles = readdirSync(__dirname)
  .filter((file) => file.endsWith('.test.ts'))
  .map((file) => readDocument(join('tools', 'docs-check', 'test', file)))

/** True for a test, for an example that a test of ours names, and for what these import. */
function isRun({ name, document, file }: Example): boolean {
  const isTest = file?.endsWith('.test.ts') || document === 'docs/getting-started.md'
  return (
    isTest ||
    isNamed(document, file ?? name.slice(document.length + 1)) ||
    isImported(document, file)
  )
}

function isNamed(document: string, which: string): boolean {
  const named = /^\d+$/.test(which) ? `'${document}', ${which}` : `'${which}'`
  return testFiles.some((text) => text.includes(`'${document}'`) && text.includes(named))
}

function isImported(document: string, file: string | undefined): boolean {
  if (file === undefined) return false
  const from = ` './${file.replace(/\.ts$/, '')}'` // after `from` or `import`
  return examplesOf(document).some(
    (each) => each.file !== file && each.code.includes(from) && isRun(each),
  )
}
