import { memoryReplayStore, type Portal } from '@countersign/core'
import { fdback, featkit, harlyy, seggwat } from '@countersign/core/schemes'
import { testSecret } from '@countersign/testing'

export const secret = testSecret('explain')

export const NAMES = ['featkit', 'seggwat', 'seggwat-jwt', 'harlyy', 'fdback'] as const
export type Name = (typeof NAMES)[number]

const makers: Readonly<Record<Name, (text: string) => Portal>> = {
  featkit: (text) => featkit({ secret: text, slug: 'acme' }),
  seggwat: (text) => seggwat({ secret: text, projectKey: 'abc123' }),
  'seggwat-jwt': (text) => seggwat({ secret: text, projectKey: 'abc123', mode: 'jwt' }),
  harlyy: (text) => harlyy({ secret: text, businessId: 'acme', surveyId: 'autumn' }),
  fdback: (text) => fdback({ secret: text, workspaceId: 'ws_demo' }),
}

/** Portals of every format, with all ids, so that they can sign. */
export const portals = Object.fromEntries(
  NAMES.map((name) => [name, makers[name](secret)]),
) as unknown as Readonly<Record<Name, Portal>> // one for each name

export function portalWith(name: Name, text: string): Portal {
  return makers[name](text)
}

/** The user that each of them can sign. */
export const ada = { id: 'u_1', email: 'ada@example.com', name: 'Ada Lovelace' }

/** A user that all of them take. Harlyy signs no user, and fdback has no id. */
export function userOf(name: Name): never {
  const { id: _, ...withoutId } = ada
  const users = { harlyy: {}, fdback: { ...withoutId, avatar: 'https://example.com/a.png' } }
  return (name in users ? users[name as keyof typeof users] : ada) as never // what its signer takes
}

/** What a guard of the portal is made with. */
export function guardOf(name: Name, now: () => number) {
  return name === 'fdback' ? { replayStore: memoryReplayStore({ now }) } : { bearer: true }
}
