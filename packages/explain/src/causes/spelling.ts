/** How the text of the credential is written, and of which parts it consists. */
export const spellingRows = {
  'percent-encoded-twice': [
    'send',
    'The credential is percent-encoded more than once.',
    'Encode it once: let either your code or your URL builder do it, not both.',
  ],
  'percent-encoding-broken': [
    'send',
    'The percent-encoding does not stand for UTF-8 text.',
    'Percent-encode the text of the credential, which is ASCII, and append nothing to it.',
  ],
  'plus-became-space': [
    'send',
    'Each "+" of the credential has become a space, because it was not percent-encoded.',
    'Percent-encode the credential when you put it into the URL: "+" becomes "%2B".',
  ],
  'line-breaks': [
    'payload',
    'The credential contains line breaks, as MIME encoders write them.',
    'Use the encoder that writes one line: {encoder}.',
  ],
  'white-space': [
    'send',
    'The credential contains white space.',
    'Remove it: print and copy the credential without anything around it.',
  ],
  'nul-character': [
    'send',
    'The credential contains a NUL character.',
    'Cut the text where it ends: a buffer was longer than what was written into it.',
  ],
  quotes: [
    'credential send',
    'The credential is in quotes or brackets.',
    'Send the text alone: do not pass it through a JSON encoder.',
  ],
  'python-bytes': [
    'payload signature',
    "The credential contains Python's `b'…'`, the printed form of bytes.",
    'Call `.decode()` on the bytes before you put them into a text.',
  ],
  'html-escaped': [
    'send',
    'The credential contains the HTML escape "{sent}".',
    'Escape the URL for HTML once, in the template only.',
  ],
  'url-as-credential': [
    'send',
    'A whole URL was sent where the credential belongs.',
    'Send the value of its parameter alone.',
  ],
  'page-url': [
    'credential send',
    'The address of a page was sent where the credential belongs.',
    'Send what the sign endpoint returns, not `location.href`.',
  ],
  'look-alike-characters': [
    'credential',
    'The credential contains characters that are not ASCII: "{sent}".',
    'Copy it from the program that made it, not from a formatted document.',
  ],
  'payload-empty': [
    'payload',
    'The payload is empty.',
    'Encode the claims: the variable with the payload was empty.',
  ],
  'body-empty': [
    'json',
    'The body is empty.',
    'Send the JSON that was signed; check that the variable with it has a value.',
  ],
  'payload-missing': [
    'credential',
    'Only a signature was sent, and {scheme} reads the claims from the payload in front of it.',
    'Send the payload, a ".", and the signature.',
  ],
  'payload-encoding': [
    'payload',
    'The payload is {sent}, and {scheme} expects {wanted}.',
    'Encode it as {wanted}.',
  ],
  'payload-encoded-twice': [
    'payload',
    'The payload is encoded twice.',
    'Encode the JSON once, as {wanted}.',
  ],
  'payload-unreadable': [
    'payload',
    'The payload is not {wanted}, or not all of it was sent.',
    'Encode the JSON as {wanted}, and send all of it.',
  ],
  'payload-last-character': [
    'payload',
    'The last character of the payload contains bits that encode nothing.',
    'Send what the encoder wrote: a character was changed.',
  ],
  'missing-dot': [
    'credential',
    'There is no "." between the payload and the signature.',
    'Put a "." between them.',
  ],
  'segments-swapped': [
    'credential',
    'The signature is in front of the payload.',
    'Put the payload first, then ".", then the signature.',
  ],
  'extra-segment': [
    'credential',
    'The credential has {sent} parts, and {scheme} expects {wanted}.',
    'Remove what follows the signature.',
  ],
  'jwt-for-hash': [
    'input credential',
    'This is a JWT, and the portal expects a payload and its signature.',
    'Leave out the JWT header, or switch the portal to its JWT mode.',
  ],
  'hash-for-jwt': [
    'input credential',
    'This is a payload and its signature, and the portal expects a JWT.',
    'Sign a JWT, or switch the portal to its HMAC mode.',
  ],
  'jwt-header-missing': [
    'input credential',
    'The header of the JWT is missing.',
    'Put the header and a "." in front of the payload: the signature covers them.',
  ],
  'jwt-header': [
    'input',
    'The header of the JWT is not one strict JSON object in base64url.',
    'Use the header {"alg":"HS256","typ":"JWT"}.',
  ],
  'jwt-algorithm': [
    'input signature',
    'The JWT is signed as {sent}, and {scheme} accepts HS256 only.',
    'Sign with HS256 and the shared secret.',
  ],
  'jwt-unsigned': [
    'signature',
    'The JWT says that it is not signed ("alg": "none").',
    'Sign it with HS256 and the shared secret.',
  ],
  'jwt-header-member': [
    'input',
    'The header of the JWT has the member "{sent}"; only "alg", "typ" and "kid" are accepted.',
    'Remove it from the header.',
  ],
  'jwt-type': ['input', 'The "typ" of the JWT is not "JWT".', 'Leave it out, or set it to "JWT".'],
  'jwt-key-id': [
    'input',
    'The "kid" of the JWT is not text of at most {limit} characters.',
    'Leave it out, or set it to a short text.',
  ],
  'jwt-json': [
    'credential',
    'The JWT is written as JSON.',
    'Use the compact form: header, payload and signature with "." between them.',
  ],
  'jwt-encrypted': [
    'credential',
    'This is an encrypted JWT, with five parts.',
    'Send a signed JWT (JWS), with three parts.',
  ],
} as const
