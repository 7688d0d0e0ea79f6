import { fdback, featkit, harlyy, seggwat } from '@countersign/express'
import type {
  FdbackInput,
  FdbackUser,
  FeatKitInput,
  FeatKitUser,
  HarlyyUser,
  Portal,
  ReplayStore,
  SeggWatInput,
  SeggWatUser,
} from '@countersign/express'
import type { RequestLog } from './request-log'
import type { Secrets } from './settings'

/** What both sites are made with. */
export interface Shared {
  readonly portals: Portals
  readonly secrets: Secrets
  /** Where browsers reach the app. */
  readonly appOrigin: string
  /** Where browsers reach the portal. */
  readonly portalOrigin: string
  readonly replayStore: ReplayStore
  readonly log: RequestLog
}

/** A portal object for each format. */
export interface Portals {
  readonly featkit: Portal<FeatKitUser, FeatKitInput>
  readonly 'seggwat-hmac': Portal<SeggWatUser, SeggWatInput>
  readonly 'seggwat-jwt': Portal<SeggWatUser, SeggWatInput>
  readonly harlyy: Portal<HarlyyUser, object>
  readonly fdback: Portal<FdbackUser, FdbackInput>
}

/**
 * What the app and the portal have agreed on. In the world each site has its own copy of this, and
 * the secrets are all that they share.
 * @param origin of the portal site, where a vendor's own server would be
 */
export function createPortals(secrets: Secrets, origin: string): Portals {
  return {
    featkit: featkit({
      slug: 'lantern',
      secret: { id: 'featkit-key-1', value: secrets.featkit },
      baseUrl: `${origin}/featkit`,
    }),
    'seggwat-hmac': seggwat({
      projectKey: 'lantern-hmac',
      secret: { id: 'seggwat-key-1', value: secrets['seggwat-hmac'] },
      baseUrl: `${origin}/seggwat`,
    }),
    'seggwat-jwt': seggwat({
      projectKey: 'lantern-jwt',
      mode: 'jwt',
      secret: { id: 'seggwat-key-2', value: secrets['seggwat-jwt'] },
      baseUrl: `${origin}/seggwat`,
    }),
    harlyy: harlyy({
      businessId: 'lantern',
      surveyId: 'autumn',
      secret: { id: 'harlyy-key-1', value: secrets.harlyy },
      baseUrl: `${origin}/harlyy`,
    }),
    fdback: fdback({
      workspaceId: 'lantern',
      secret: { id: 'fdback-key-1', value: secrets.fdback },
      baseUrl: `${origin}/fdback`,
    }),
  }
}
