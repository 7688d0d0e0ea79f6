import { createSigner, type Portal } from '@countersign/core'
import * as schemes from '@countersign/core/schemes'

/** In hex, as some portals want their secrets. */
export const secret = '0c7e2f5a91b3d468'.repeat(4)

const { fdback, featkit, harlyy, seggwat } = schemes

export const NAMES = ['featkit', 'seggwat', 'seggwat-jwt', 'harlyy', 'fdback'] as const
export type Name = (typeof NAMES)[number]

/** Portals of every format, with all ids, so that they can sign. */
export const portals: Readonly<Record<Name, Portal>> = {
  featkit: featkit({ secret, slug: 'acme' }),
  seggwat: seggwat({ secret, projectKey: 'abc123' }),
  'seggwat-jwt': seggwat({ secret, projectKey: 'abc123', mode: 'jwt' }),
  harlyy: harlyy({ secret, businessId: 'acme', surveyId: 'autumn' }),
  fdback: fdback({ secret, workspaceId: 'ws_demo' }),
}

/** The user that each of them can sign. */
export const ada = { id: 'u_1', email: 'ada@example.com', name: 'Ada Lovelace' }

/** A user that all of them take. Harlyy signs no user, and fdback has no id. */
export function userOf(name: Name): never {
  const { id: _, ...withoutId } = ada
  const users = { harlyy: {}, fdback: { ...withoutId, avatar: 'https://example.com/a.png' } }
  return (name in users ? users[name as keyof typeof users] : ada) as never // what its signer takes
}

type Factory = (options: Readonly<Record<string, string>>) => Portal

/** A portal of every scheme of core, with all ids. */
export const everyPortal: readonly (readonly [name: string, portal: Portal])[] = [
  ...Object.entries(schemes as unknown as Readonly<Record<string, Factory>>).map(([name, make]) => {
    const { ids, origin } = make({ secret }).scheme.address
    const given = Object.fromEntries(ids.map((id) => [id, 'abc']))
    const server = origin.includes('{baseUrl}') ? { baseUrl: 'https://forum.example' } : {}
    return [name, make({ secret, ...given, ...server })] as const
  }), // the entry exports factories
  ['seggwat in JWT mode', portals['seggwat-jwt']],
]

/** What the guard of a portal without any time in its credentials needs. */
export function retentionOf({ scheme: { claims, singleUse } }: Portal) {
  return singleUse && !claims.expiresAt && !claims.issuedAt ? { nonceRetention: 600 } : {}
}

/** Signs a user with the usual properties, as far as the portal has them. @returns it as text */
export async function signedFor(portal: Portal, now = Date.now()): Promise<string> {
  const user = Object.fromEntries(
    Object.entries({ ...ada, username: 'ada' }).filter(([name]) => {
      const field = Object.entries(portal.scheme.claims.user).find(([each]) => each === name)
      return field !== undefined && field[1].isReadOnly !== true
    }),
  )
  const signer = createSigner(portal, { now: () => now })
  return textOf((await signer.sign(user as never)) as object) // what its signer takes
}

function textOf(signed: object): string {
  const { url, headers, fields, value, identifier, ...rest } = signed as Readonly<
    Record<string, unknown>
  > // of texts, and of records of them
  if (value !== undefined) {
    const parts = [identifier, value] as readonly (string | undefined)[] // texts
    return parts.filter((each) => each !== undefined).join('.')
  }
  if (headers) return JSON.stringify({ url, headers, ...rest })
  return fields ? String(new URLSearchParams(fields as Record<string, string>)) : String(url)
}
