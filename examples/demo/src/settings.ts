import { join } from 'node:path'

/** The folder of the demo, from the sources and from the bundle alike. */
export const FOLDER: string = join(__dirname, '..')

/** What the demo is started with. */
export interface Settings {
  readonly app: SiteSettings
  readonly portal: SiteSettings
  /** Where the embedded database lives, when no `databaseUrl` is given. Made-up secrets are kept beside it. */
  readonly dataFolder: string
  readonly databaseUrl: string | undefined
  /** The secrets that the environment sets. */
  readonly secrets: Partial<Secrets>
}

export interface SiteSettings {
  /** 0 lets the system choose. */
  readonly port: number
  /** The origin that browsers use, where it is not this machine; `undefined` for a local address. */
  readonly publicOrigin: string | undefined
}

/** One secret for each portal, and one for each site's own session cookie. */
export type Secrets = Readonly<Record<SecretName, string>>

type SecretName = (typeof SECRET_NAMES)[number]

export const SECRET_NAMES = [
  'featkit',
  'seggwat-hmac',
  'seggwat-jwt',
  'harlyy',
  'fdback',
  'app-session',
  'portal-session',
] as const

/** The environment variable of a secret, such as `SEGGWAT_JWT_SECRET`. */
export function variableOf(name: SecretName): string {
  return `${name.toUpperCase().replace('-', '_')}_SECRET`
}

type Environment = Readonly<Record<string, string | undefined>>

/** @throws Error with one clear line for a port or an origin that is not valid */
export function readSettings(env: Environment): Settings {
  const given = SECRET_NAMES.map((name) => [name, env[variableOf(name)]] as const)
  return {
    app: site('APP', env, 4100),
    portal: site('PORTAL', env, 4200),
    dataFolder: env['DATA_FOLDER'] || join(FOLDER, '.data'),
    databaseUrl: env['DATABASE_URL'] || undefined,
    secrets: Object.fromEntries(given.filter(([, value]) => value)),
  }
}

function site(name: 'APP' | 'PORTAL', env: Environment, usualPort: number): SiteSettings {
  const number = port(`${name}_PORT`, env[`${name}_PORT`], usualPort)
  const given = origin(`${name}_ORIGIN`, env[`${name}_ORIGIN`])
  return { port: number, publicOrigin: given ?? codespaceOrigin(env, number) }
}

function port(name: string, text: string | undefined, usual: number): number {
  if (!text) return usual
  const number = Number(text)
  if (/^\d{1,5}$/.test(text) && number <= 65_535) return number
  throw new Error(`${name} is not a port: ${JSON.stringify(text)} (a number from 0 to 65535)`)
}

function origin(name: string, text: string | undefined): string | undefined {
  if (!text) return undefined
  if (/^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text) return text
  throw new Error(`${name} is not an origin: ${JSON.stringify(text)} (like https://demo.example)`)
}

/** GitHub Codespaces forwards each port to an origin of its own. */
function codespaceOrigin(env: Environment, forwarded: number): string | undefined {
  const { CODESPACE_NAME: name, GITHUB_CODESPACES_PORT_FORWARDING_DOMAIN: domain } = env
  return name && domain ? `https://${name}-${forwarded}.${domain}` : undefined
}
