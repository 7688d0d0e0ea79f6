import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { completeSecrets } from '../src/data/kept-secrets'
import { FOLDER, readSettings } from '../src/settings'

const LOCAL = { publicOrigin: undefined }
const CODESPACE = {
  CODESPACE_NAME: 'box',
  GITHUB_CODESPACES_PORT_FORWARDING_DOMAIN: 'app.github.dev',
}
const USUAL = {
  app: { port: 4100, ...LOCAL },
  portal: { port: 4200, ...LOCAL },
  dataFolder: join(FOLDER, '.data'),
  databaseUrl: undefined,
  secrets: {},
}

describe('the settings', () => {
  it.each([
    ['nothing', { APP_PORT: '', APP_ORIGIN: '' }, {}],
    [
      'ports and an origin',
      { APP_PORT: '0', PORTAL_PORT: '65535', PORTAL_ORIGIN: 'https://portal.example' },
      {
        app: { port: 0, ...LOCAL },
        portal: { port: 65_535, publicOrigin: 'https://portal.example' },
      },
    ],
    [
      'data and secrets',
      { DATA_FOLDER: '/data', DATABASE_URL: 'postgres://db', SEGGWAT_JWT_SECRET: 'ours' },
      { dataFolder: '/data', databaseUrl: 'postgres://db', secrets: { 'seggwat-jwt': 'ours' } },
    ],
    [
      'a Codespace and an origin',
      { ...CODESPACE, APP_ORIGIN: 'https://app.example' },
      {
        app: { port: 4100, publicOrigin: 'https://app.example' },
        portal: { port: 4200, publicOrigin: 'https://box-4200.app.github.dev' },
      },
    ],
  ])('are read from an environment with %s', (_what, env, changed) => {
    expect(readSettings(env)).toEqual({ ...USUAL, ...changed })
  })

  it.each(['65536', '-1', '80.5', 'http', ' 80', '0x50'])('refuse %j as a port', (PORTAL_PORT) => {
    expect(() => readSettings({ PORTAL_PORT })).toThrow(
      `PORTAL_PORT is not a port: ${JSON.stringify(PORTAL_PORT)} (a number from 0 to 65535)`,
    )
  })

  it.each(['demo.example', 'https://demo.example/', 'ftp://demo.example'])(
    'refuse %j as an origin',
    (APP_ORIGIN) => {
      expect(() => readSettings({ APP_ORIGIN })).toThrow(
        `APP_ORIGIN is not an origin: "${APP_ORIGIN}" (like https://demo.example)`,
      )
    },
  )
})

describe('the secrets', () => {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-secrets-'))
  const data = join(folder, 'data')
  const file = `${data}.secrets.json`
  afterAll(() => rmSync(folder, { recursive: true }))

  it('are made up once, and kept where only their owner can read them', () => {
    const given = { harlyy: 'from-the-environment' }
    const first = completeSecrets(given, data)
    expect(first).toMatchObject(given)
    expect(new Set(Object.values(first)).size).toBe(7)
    expect(completeSecrets({}, data)).toEqual({
      ...first,
      harlyy: expect.stringMatching(/^[\w-]{43}$/),
    })
    expect(completeSecrets(given, data)).toEqual(first)
    expect(readFileSync(file, 'utf8')).not.toContain('from-the-environment')
    expect(statSync(file).mode & 0o077).toBe(0)
  })
})
