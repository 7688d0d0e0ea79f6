import type { Portal } from '@countersign/core'
import { fdback, featkit, harlyy, seggwat } from '@countersign/core/schemes'
import { PORTAL_NAMES, type IdName, type Ids, type PortalName, type UserName } from './names'

interface PortalEntry {
  make(secret: string, ids: Ids): Portal
  /** Which ids it has. */
  readonly ids: readonly IdName[]
  /** What its users have. */
  readonly user: readonly UserName[]
}

const PORTALS: Readonly<Record<PortalName, PortalEntry>> = {
  featkit: {
    make: (secret, { slug, baseUrl }) => featkit({ secret, slug, baseUrl }),
    ids: ['slug'],
    user: ['id', 'email', 'name'],
  },
  seggwat: {
    make: (secret, { projectKey, baseUrl }) => seggwat({ secret, projectKey, baseUrl }),
    ids: ['projectKey'],
    user: ['id', 'email', 'name', 'subscriptionId'],
  },
  'seggwat-jwt': {
    make: (secret, { projectKey, baseUrl }) =>
      seggwat({ secret, projectKey, baseUrl, mode: 'jwt' }),
    ids: ['projectKey'],
    user: ['id', 'email', 'name', 'subscriptionId'],
  },
  harlyy: {
    make: (secret, { businessId, surveyId, baseUrl }) =>
      harlyy({ secret, businessId, surveyId, baseUrl }),
    ids: ['businessId', 'surveyId'],
    user: [],
  },
  fdback: {
    make: (secret, { workspaceId, baseUrl }) => fdback({ secret, workspaceId, baseUrl }),
    ids: ['workspaceId'],
    user: ['email', 'name', 'avatar'],
  },
}

export function portalEntry(name: string): PortalEntry {
  return PORTALS[name as PortalName] // the command line takes no others
}

/** The other built-in portals with the same secret: a credential may be for one of them. */
export function otherPortals(name: string, secret: string, ids: Ids): readonly Portal[] {
  const isKnown = (id: IdName): boolean => id !== 'projectKey' || ids.projectKey !== undefined
  return PORTAL_NAMES.filter((each) => each !== name && PORTALS[each].ids.every(isKnown)).flatMap(
    (each) => {
      try {
        return [portalEntry(each).make(secret, ids)]
      } catch {
        return [] // it has another rule for secrets
      }
    },
  )
}
