import {
  absent,
  base64,
  compact,
  defineScheme,
  hmacSha256,
  millis,
  nonce,
  omissible,
  query,
  sameAs,
  type PortalFactory,
  type PortalUser,
} from '@countersign/core'

/** A survey link names nobody: it only counts once. */
export interface HarlyyUser extends PortalUser {
  readonly scheme: 'harlyy'
  readonly id: null
  readonly email: null
  readonly name: null
  /** What makes the link different from every other. */
  readonly nonce: string
}

/**
 * Harlyy's one-time survey links: `https://survey.harlyy.com/{businessId}/{surveyId}?sig=…`. The
 * ids are needed to sign only. Source: Harlyy's documentation, "Signed Links".
 */
export const harlyy: PortalFactory<HarlyyUser, object, 'businessId' | 'surveyId'> = defineScheme({
  name: 'harlyy',
  carrier: query('sig'),
  codec: compact({ payload: base64, signature: base64, signs: 'text' }),
  mac: hmacSha256,
  claims: {
    user: { id: absent, email: absent, name: absent, nonce: sameAs(nonce('nonce')) },
    nonce: nonce('nonce'),
    expiresAt: omissible(millis('exp')),
    unknown: 'refuse',
  },
  limits: { maxLifetime: 366 * 86_400 },
  singleUse: { when: 'always', by: 'nonce' },
  address: {
    origin: 'https://survey.harlyy.com',
    path: ({ businessId, surveyId }) => `/${businessId}/${surveyId}`,
    ids: ['businessId', 'surveyId'],
    expiresIn: 7 * 86_400,
  },
})
