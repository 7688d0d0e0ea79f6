import { randomBytes } from 'node:crypto'
import { join } from 'node:path'

/** What the demo is started with. */
export interface Settings {
  /** 0 lets the system choose. */
  readonly appPort: number
  readonly portalPort: number
  /** Where the embedded database lives, when no `databaseUrl` is given. */
  readonly dataFolder: string
  readonly databaseUrl: string | undefined
  readonly secrets: Secrets
}

/** One secret for each portal, and one for each site's own session cookie. */
export interface Secrets {
  readonly featkit: string
  readonly seggwatHmac: string
  readonly seggwatJwt: string
  readonly harlyy: string
  readonly fdback: string
  readonly appSession: string
  readonly portalSession: string
}

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Reads the environment. A secret that is not there is made up, new at each start.
 * @throws Error with one clear line for a port that is none
 */
export function readSettings(env: Environment): Settings {
  const secret = (name: string): string => env[name] || randomBytes(32).toString('base64url')
  return {
    appPort: port('APP_PORT', env['APP_PORT'], 4100),
    portalPort: port('PORTAL_PORT', env['PORTAL_PORT'], 4200),
    dataFolder: env['DATA_FOLDER'] || join(__dirname, '..', '.data'),
    databaseUrl: env['DATABASE_URL'] || undefined,
    secrets: {
      featkit: secret('FEATKIT_SECRET'),
      seggwatHmac: secret('SEGGWAT_HMAC_SECRET'),
      seggwatJwt: secret('SEGGWAT_JWT_SECRET'),
      harlyy: secret('HARLYY_SECRET'),
      fdback: secret('FDBACK_SECRET'),
      appSession: secret('APP_SESSION_SECRET'),
      portalSession: secret('PORTAL_SESSION_SECRET'),
    },
  }
}

function port(name: string, text: string | undefined, fallback: number): number {
  if (!text) return fallback
  const number = Number(text)
  if (/^\d{1,5}$/.test(text) && number <= 65_535) return number
  throw new Error(`${name} is not a port: ${JSON.stringify(text)} (a number from 0 to 65535)`)
}
