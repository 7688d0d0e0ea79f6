import { readSettings } from '../src/settings'

describe('the settings', () => {
  it('has ports, a folder and new secrets where the environment says nothing', () => {
    const [first, second] = [readSettings({}), readSettings({})]
    expect(first).toMatchObject({ appPort: 4100, portalPort: 4200, databaseUrl: undefined })
    expect(first.dataFolder).toMatch(/demo[/\\]\.data$/)
    const secrets = [...Object.values(first.secrets), ...Object.values(second.secrets)]
    expect(new Set(secrets).size).toBe(14)
    expect(secrets.every((secret) => /^[\w-]{43}$/.test(secret))).toBe(true)
  })

  it('takes what the environment says', () => {
    const settings = readSettings({
      APP_PORT: '0',
      PORTAL_PORT: '65535',
      DATA_FOLDER: '/data',
      DATABASE_URL: 'postgres://db',
      HARLYY_SECRET: 'ours',
    })
    expect(settings).toMatchObject({
      appPort: 0,
      portalPort: 65_535,
      dataFolder: '/data',
      databaseUrl: 'postgres://db',
      secrets: { harlyy: 'ours' },
    })
  })

  it.each(['65536', '-1', '80.5', 'http', ' 80', '0x50'])('refuses %j as a port', (PORTAL_PORT) => {
    expect(() => readSettings({ PORTAL_PORT })).toThrow(
      `PORTAL_PORT is not a port: ${JSON.stringify(PORTAL_PORT)} (a number from 0 to 65535)`,
    )
  })
})
