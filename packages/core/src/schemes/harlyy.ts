import {
  notProvided,
  base64,
  compact,
  defineScheme,
  hmacSha256,
  millis,
  nonce,
  optionalNotNull,
  query,
  derivedFrom,
  type PortalFactory,
  type PortalUser,
} from '../index'

/** A survey link names no user, and can be used once. */
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
    user: {
      id: notProvided,
      email: notProvided,
      name: notProvided,
      nonce: derivedFrom(nonce('nonce')),
    },
    nonce: nonce('nonce'),
    expiresAt: optionalNotNull(millis('exp')),
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
