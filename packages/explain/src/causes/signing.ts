/** How the signature was made, and of what the credential consists, by the steps that have to change. */
export const SIGNING = {
  'credential, send': {
    quotes:
      'The credential has quotes, brackets or a word around it: `{sent}`. → Send the text alone, not as JSON or as a header.',
    'page-url':
      'The address of a page was sent where the credential belongs. → Send what the sign endpoint returns, not `location.href`.',
  },
  'payload, signature': {
    'python-bytes':
      "The credential contains Python's `b'…'`, the printed form of bytes. → Call `.decode()` on the bytes before you put them into a text.",
  },
  credential: {
    'look-alike-characters':
      'The credential contains characters that are not ASCII: "{sent}". → Copy it from the program that made it, not from a formatted document.',
    'payload-missing':
      'Only a signature was sent, and {scheme} reads the claims from the payload in front of it. → Send the payload, a ".", and the signature.',
    'missing-dot':
      'There is no "." between the payload and the signature. → Put a "." between them.',
    'segments-swapped':
      'The signature is in front of the payload. → Put the payload first, then ".", then the signature.',
    'extra-segment':
      'The credential has {sent} parts, and {scheme} expects {wanted}. → Remove what follows the signature.',
    'jwt-json':
      'The JWT is written as JSON. → Use the compact form: header, payload and signature with "." between them.',
    'jwt-encrypted':
      'This is an encrypted JWT, with five parts. → Send a signed JWT (JWS), with three parts.',
    'signature-missing': 'There is no signature. → Append a "." and the signature.',
  },
  'input, credential': {
    'jwt-for-hash':
      'This is a JWT, and the portal expects a payload and its signature. → Leave out the JWT header, or switch the portal to its JWT mode.',
    'hash-for-jwt':
      'This is a payload and its signature, and the portal expects a JWT. → Sign a JWT, or switch the portal to its HMAC mode.',
    'jwt-header-missing':
      'The header of the JWT is missing. → Put the header and a "." in front of the payload: the signature covers them.',
  },
  input: {
    'jwt-header': 'The header of the JWT is {sent}: {detail}. → Use the header {wanted}.',
    'signed-other': 'What was signed is {sent}, and {scheme} signs {input}. → Sign {input}.',
  },
  'input, signature': {
    'jwt-algorithm':
      'The header of the JWT is {sent}, and {scheme} accepts the algorithm HS256 only. → Sign with HS256 and the shared secret.',
    'signed-line-break':
      'A line break was signed at the end of the text. → Leave it out: use `printf %s` instead of `echo`.',
  },
  signature: {
    'mac-hash':
      'It was signed with HMAC-{sent}, and {scheme} expects HMAC-SHA256. → Use HMAC-SHA256.',
    'mac-unkeyed':
      'The signature is a plain {sent} hash of {name}. → Use HMAC-SHA256 with the secret as its key.',
    'mac-swapped':
      'The secret and the text are swapped: the text was used as the key. → Pass the secret as the key, and the text as the message.',
    'signature-encoding':
      'The signature is {sent}, and {scheme} expects {wanted}. → Write the signature as {wanted}.',
    'signature-encoded-twice':
      'The signature is encoded twice: the {sent} of a text that is already encoded. → Encode the bytes of the MAC once, as {wanted}.',
    'signature-binary': 'The bytes of the signature were used as text. → Encode them as {wanted}.',
    'signature-placeholder':
      'The signature is a placeholder: all of its bytes are the same. → Compute it.',
  },
  'secret, signature': {
    'signature-unmatched':
      'No known secret makes this signature, in any way that was tried: another secret signed it, or what was signed was changed afterwards. → Sign what you send, with the secret of this portal.',
  },
  'trimmed secret': {
    'secret-white-space':
      'It was signed with white space at the end or the beginning of the secret. → Trim the secret: the file or the variable contains a line break.',
  },
  secret: {
    'secret-quoted':
      'It was signed with the quotes or brackets around the secret. → Remove them: what reads your `.env` file keeps them as part of the value.',
    'secret-converted': 'It was signed with {sent}. → Use the text of the secret as it is.',
    'secret-missing':
      'It was signed with {sent} in the place of the secret. → Set the environment variable where the program that signs runs.',
    'secret-placeholder':
      'It was signed with the placeholder "{sent}" of a documentation page. → Use the secret that the portal shows you.',
    'secret-is-id':
      'It was signed with "{sent}", which is the {name} and not the secret. → Use the secret: the {name} is public.',
    'secret-other':
      'It was signed with another secret: {sent}. → Read the variable that holds the secret of this portal and of this environment.',
    'secret-undecoded':
      'It was signed with the text of the secret, and {scheme} signs with the bytes that it is the {sent} of. → Decode the secret before you sign with it.',
  },
  all: {
    unexplained:
      'The credential is refused: {detail}. → Compare the program that signs with the lines below.',
    'other-portal':
      'This is a valid credential of {sent}, and it was sent to {scheme}. → Open the page of {sent}, or sign for {scheme}.',
  },
  'payload, input': {
    'signed-other-spelling':
      'The payload was signed in another spelling than it was sent: {sent}. → Sign exactly the text that you send.',
  },
  'json, input, send': {
    'signed-other-json':
      'Other JSON was signed than was sent: {sent}. → Write the JSON once, and sign and send the same text.',
  },
  'time, input, send': {
    'signed-other-time':
      'The time was signed in {sent}, and sent in another unit. → Read the clock once, and sign and send the same text.',
  },
} as const
