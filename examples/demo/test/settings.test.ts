import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { completeSecrets } from '../src/data/kept-secrets'
import { readSettings } from '../src/settings'

describe('the settings', () => {
  it('has ports and a folder where the environment sets nothing', () => {
    const settings = readSettings({ APP_PORT: '', APP_ORIGIN: '' })
    expect(settings).toMatchObject({
      app: { port: 4100, publicOrigin: undefined },
      portal: { port: 4200, publicOrigin: undefined },
      databaseUrl: undefined,
      secrets: {},
    })
    expect(settings.dataFolder).toMatch(/demo[/\\]\.data$/)
  })

  it('reads the environment', () => {
    const settings = readSettings({
      APP_PORT: '0',
      PORTAL_PORT: '65535',
      PORTAL_ORIGIN: 'https://portal.example',
      DATA_FOLDER: '/data',
      DATABASE_URL: 'postgres://db',
      HARLYY_SECRET: 'ours',
    })
    expect(settings).toEqual({
      app: { port: 0, publicOrigin: undefined },
      portal: { port: 65_535, publicOrigin: 'https://portal.example' },
      dataFolder: '/data',
      databaseUrl: 'postgres://db',
      secrets: { harlyy: 'ours' },
    })
  })

  it('finds the public origins of a Codespace', () => {
    const codespace = {
      CODESPACE_NAME: 'box',
      GITHUB_CODESPACES_PORT_FORWARDING_DOMAIN: 'app.github.dev',
    }
    expect(readSettings(codespace)).toMatchObject({
      app: { publicOrigin: 'https://box-4100.app.github.dev' },
      portal: { publicOrigin: 'https://box-4200.app.github.dev' },
    })
    const own = readSettings({ ...codespace, APP_ORIGIN: 'https://app.example' })
    expect(own.app.publicOrigin).toBe('https://app.example')
  })

  it.each(['65536', '-1', '80.5', 'http', ' 80', '0x50'])('refuses %j as a port', (PORTAL_PORT) => {
    expect(() => readSettings({ PORTAL_PORT })).toThrow(
      `PORTAL_PORT is not a port: ${JSON.stringify(PORTAL_PORT)} (a number from 0 to 65535)`,
    )
  })

  it.each([
    'demo.example',
    'https://demo.example/',
    'https://demo.example/x',
    'ftp://demo.example',
  ])('refuses %j as an origin', (APP_ORIGIN) => {
    expect(() => readSettings({ APP_ORIGIN })).toThrow(
      `APP_ORIGIN is not an origin: ${JSON.stringify(APP_ORIGIN)} (like https://demo.example)`,
    )
  })
})

describe('the secrets', () => {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-secrets-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  it('are made up once, and kept where only their owner can read them', () => {
    const data = join(folder, 'kept')
    const first = completeSecrets({}, data)
    expect(new Set(Object.values(first)).size).toBe(7)
    expect(Object.values(first).every((secret) => /^[\w-]{43}$/.test(secret))).toBe(true)
    expect(completeSecrets({}, data)).toEqual(first)
    expect(statSync(`${data}.secrets.json`).mode & 0o077).toBe(0)
  })

  it('are those of the environment where it sets any, and those are not kept', () => {
    const data = join(folder, 'given')
    const given = completeSecrets({ harlyy: 'from-the-environment' }, data)
    expect(given.harlyy).toBe('from-the-environment')
    expect(readFileSync(`${data}.secrets.json`, 'utf8')).not.toContain('from-the-environment')
    expect(completeSecrets({}, data).featkit).toBe(given.featkit)
  })
})
