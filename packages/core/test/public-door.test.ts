import * as core from '@countersign/core'
import * as node from '@countersign/core/node'
import * as schemes from '@countersign/core/schemes'

const CORE = `
  admittedUser attributes attributesAsClaims base64 base64Lines base64url base64urlPadded bearer
  besideIdentifier claimsOf commaList compact compactForm compactJws companies ConfigError flag
  formField fullName hashedIdentifier inTwoParameters jwsWithKeyId pageValue textFlag textList
  createExchange createGuard createSignEndpoint createSigner createVerifier defineScheme derivedFrom email hex
  hmacSha256 hs256 httpUrl identifier inForm inHeaders inReplyParameter isPromise isRejection Key
  LIMITS MAC_LENGTH malformed memoryReplayStore millis nonce notProvided nullable oneOf optional
  optionalNotNull parseObject query redactUrl Rejection REJECTIONS requiredInSession retentionSpan
  seconds signedMessage stripParameters text withDeadline
  checkedOwner leaseSpan problemResponse readOptions uniqueNames
`

const SCHEMES = `
  canny chatwoot crisp discourseConnect fdback featkit featurebase front harlyy helpScout
  identifierHash intercom novu pylon seggwat userjot zendesk zendeskMessaging
`

describe('what @countersign/core exports', () => {
  // a name that is added or removed is a change for everyone who uses it
  it.each<readonly [string, object, string]>([
    ['@countersign/core', core, CORE],
    ['@countersign/core/schemes', schemes, SCHEMES],
    ['@countersign/core/node', node, 'closeAfter keepRawBody NodeView settleOnAnswer'],
  ])('is exactly this: %s', (_, door, names) => {
    expect(Object.keys(door).toSorted().join(' ')).toBe(
      names.trim().split(/\s+/).toSorted().join(' '),
    )
  })
})
