import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { SECRET_NAMES, type Secrets } from '../settings'

/**
 * Makes up the secrets that are not given, and keeps them in a file: after a restart a link that was
 * used is still a used link, and not one that another secret signed.
 */
export function completeSecrets(given: Partial<Secrets>, dataFolder: string): Secrets {
  const file = `${dataFolder}.secrets.json`
  const kept = SECRET_NAMES.every((name) => given[name]) ? {} : read(file)
  const missing = SECRET_NAMES.filter((name) => !given[name] && !kept[name])
  const made = missing.map((name) => [name, randomBytes(32).toString('base64url')])
  const all = { ...kept, ...Object.fromEntries(made) }
  if (missing.length > 0) {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, JSON.stringify(all), { mode: 0o600 })
  }
  return { ...all, ...given }
}

function read(file: string): Partial<Secrets> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Partial<Secrets> // as it was written above
  } catch {
    return {}
  }
}
