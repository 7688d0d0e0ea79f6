import * as core from '@countersign/core'

/** A name that goes, or comes, is a change of the contract with everyone who uses it. */
const NAMES = `
  absent base64 base64url base64urlPadded bearer compact compactJws ConfigError createGuard
  createSignEndpoint createSigner createVerifier defineScheme email hex hmacSha256 hs256 httpUrl
  identifier inForm inHeaders inReplyParameter isPromise isRejection Key LIMITS malformed
  memoryReplayStore millis nonce nullable omissible oneOf optional parseObject query redactUrl
  Rejection REJECTIONS retentionSpan sameAs seconds sessionIdentity signedMessage stripParameters text
`

describe('the public door of the core', () => {
  it('has exactly these names', () => {
    const written = NAMES.trim().split(/\s+/)
    expect(Object.keys(core).toSorted()).toEqual(written.toSorted())
  })
})
