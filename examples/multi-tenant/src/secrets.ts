import { randomBytes } from 'node:crypto'
import type { PortalAuth, SecretLookup } from '@countersign/express'
import { Database } from 'node-sqlite3-wasm'

// Anyone who can read `value` can sign in as any user of the project: encrypt it at rest.
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS signing_secret (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    project     TEXT NOT NULL,
    scheme      TEXT NOT NULL CHECK (scheme IN ('seggwat', 'fdback')),
    value       TEXT NOT NULL UNIQUE,
    last_signed TEXT NOT NULL DEFAULT '' -- noted once there is a newer secret
  ) STRICT;
  CREATE INDEX IF NOT EXISTS signing_secret_of ON signing_secret (project, scheme)`

export interface StoredSecret {
  readonly id: string
  readonly value: string
}

export interface Secrets {
  /** The current secret and the one before it; `null` for a project that does not exist. */
  readonly find: SecretLookup
  /** Begins a rotation: show the value to the project, once. The portal knows it within 60 s. */
  add(project: string, scheme: string): StoredSecret
  /** Ends a rotation. The portal forgets the secret within 60 s. */
  remove(id: string): void
  /** Records when an old secret last signed, so that you know when to remove it. */
  noteOldSecret(auth: PortalAuth): void
  list(project: string): readonly object[]
}

export function secretsIn(db: Database): Secrets {
  db.exec(SCHEMA)
  return {
    find({ tenant, scheme }) {
      const rows = db.all(
        `SELECT CAST(id AS TEXT) AS id, value FROM signing_secret
         WHERE project = ? AND scheme = ? ORDER BY signing_secret.id DESC LIMIT 2`,
        [tenant, scheme],
      )
      return rows.length > 0 ? (rows as unknown as StoredSecret[]) : null // as selected
    },
    add(project, scheme) {
      const value = randomBytes(32).toString('base64url')
      const { lastInsertRowid } = db.run(
        'INSERT INTO signing_secret (project, scheme, value) VALUES (?, ?, ?)',
        [project, scheme, value],
      )
      return { id: String(lastInsertRowid), value }
    },
    remove(id) {
      db.run('DELETE FROM signing_secret WHERE id = ?', [id])
    },
    noteOldSecret({ keyId, issuedAt }) {
      const signed = issuedAt?.toISOString() ?? ''
      db.run('UPDATE signing_secret SET last_signed = max(last_signed, ?) WHERE id = ?', [
        signed,
        keyId,
      ])
    },
    list: (project) =>
      db.all('SELECT id, scheme, last_signed FROM signing_secret WHERE project = ? ORDER BY id', [
        project,
      ]),
  }
}

export function openSecrets(): Secrets {
  return secretsIn(new Database(process.env['DATABASE_FILE'] ?? 'portal.sqlite'))
}

if (require.main === module) {
  const [command, subject = '', scheme = ''] = process.argv.slice(2)
  const secrets = openSecrets()
  if (command === 'add') console.log(secrets.add(subject, scheme))
  if (command === 'list') console.table(secrets.list(subject))
  if (command === 'remove') secrets.remove(subject)
}
