import * as core from '@countersign/core'
import * as node from '@countersign/core/node'
import * as schemes from '@countersign/core/schemes'

const CORE = `
  admittedUser base64 base64url base64urlPadded bearer claimsOf compact compactJws ConfigError
  createExchange createGuard createSignEndpoint createSigner createVerifier defineScheme derivedFrom email hex
  hmacSha256 hs256 httpUrl identifier inForm inHeaders inReplyParameter isPromise isRejection Key
  LIMITS MAC_LENGTH malformed memoryReplayStore millis nonce notProvided nullable oneOf optional
  optionalNotNull parseObject query redactUrl Rejection REJECTIONS requiredInSession retentionSpan
  seconds signedMessage stripParameters text withDeadline
`

describe('what @countersign/core exports', () => {
  // a name that is added or removed is a change for everyone who uses it
  it.each<readonly [string, object, string]>([
    ['@countersign/core', core, CORE],
    ['@countersign/core/schemes', schemes, 'fdback featkit harlyy seggwat'],
    ['@countersign/core/node', node, 'connectionHeaders keepRawBody NodeView settleOnAnswer'],
  ])('is exactly this: %s', (_, door, names) => {
    expect(Object.keys(door).toSorted().join(' ')).toBe(
      names.trim().split(/\s+/).toSorted().join(' '),
    )
  })
})
