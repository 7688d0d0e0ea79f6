/**
 * What is wrong and what to change, by the steps of a program that have to change. Words in braces are
 * replaced by the facts of the case.
 */
export const ROWS = {
  send: {
    'boundary-moved':
      'A part of the body is in the header with the time. → Send the digits of the time in the header, and all of the JSON in the body.',
    missing:
      'The request contains no credential: {scheme} reads {place}. → Send the credential in {place}.',
    'part-empty': '{name} is empty. → Put its value into it: check that the variable has one.',
    'parameter-name':
      'The parameter is called "{sent}", and {scheme} reads "{name}". → Call the parameter "{name}", in exactly this spelling.',
    repeated:
      '{name} is sent more than once. → Send it once: replace the old value instead of adding another one.',
    'part-list':
      '{name} is sent as a list or an object: "{sent}". → Send one value, and no brackets in the name.',
    'in-several-places':
      'Credentials are sent in several places at once: {places}. → Send the credential in one place only.',
    misplaced:
      'The credential is {sent}, and {scheme} reads {place}. → Send the credential in {place}.',
    'bearer-malformed':
      'The `Authorization` header is not "Bearer" and one credential behind it. → Send `Authorization: Bearer …` with the credential and nothing else.',
    'part-missing':
      '{name} is missing. → Send all of what the sign endpoint returns; check that no proxy or client library removes a part.',
    'body-compressed':
      'The body is sent with `Content-Encoding: {sent}`, and the signature covers the plain bytes. → Send the body without compression.',
    'body-charset':
      'The body is declared as {sent}, and {scheme} reads UTF-8. → Send the body as UTF-8, and declare it so.',
    'tenant-spelling':
      'The id in "{name}" is "{sent}": an id is 1 to 255 letters, digits, "_" and "-". → Send the id exactly as {scheme} shows it.',
    'reply-malformed':
      'The value of "{name}" is not the standard base64 of the whole reply of the sign endpoint. → Encode the JSON of the reply as it came, with nothing added.',
    'percent-encoded-twice':
      'The credential is percent-encoded more than once. → Encode it once: let either your code or your URL builder do it, not both.',
    'percent-encoding-broken':
      'The percent-encoding does not stand for UTF-8 text. → Percent-encode the text of the credential, which is ASCII, and append nothing to it.',
    'plus-became-space':
      'Each "+" of the credential has become a space, because it was not percent-encoded. → Percent-encode the credential when you put it into the URL: "+" becomes "%2B".',
    'white-space':
      'The credential contains white space. → Remove it: print and copy the credential without anything around it.',
    'nul-character':
      'The credential contains a NUL character. → Cut the text where it ends: a buffer was longer than what was written into it.',
    'html-escaped':
      'The credential contains the HTML escape "{sent}". → Escape the URL for HTML once, in the template only.',
    'url-as-credential':
      'A whole URL was sent where the credential belongs. → Send the value of its parameter alone.',
    'body-changed':
      'The body was changed after it was signed: {sent}. → Send the text that was signed, byte for byte.',
    'signature-damaged':
      'The signature was changed after it was made: {sent}. → Send exactly what was signed, and check everything that stores or forwards it, such as a database column of limited length.',
  },
  'input, send': {
    'tenant-other':
      'The credential names "{sent}", and this portal is "{wanted}". → Sign with the id and the secret of the same account.',
  },
  claims: {
    'too-long':
      'The {name} has {length}, and at most {limit} are accepted. → Sign less: leave out claims that {scheme} does not read.',
    'claim-missing': 'Claims are missing: {names}. → Add {names}.',
    'claim-name':
      'The claim is called "{sent}", and {scheme} reads "{claim}". → Call it "{claim}".',
    'audience-other':
      'It is signed for "{sent}", and this portal is exactly "{wanted}". → Sign for the project whose page you open: with its id, as {scheme} shows it, and with its secret.',
    'claim-value':
      'The claim {detail}: it is {sent}. → Write a value that {scheme} accepts; check the variable that it comes from.',
    'claim-unknown': 'Claims were signed that {scheme} does not accept: {names}. → Remove them.',
    'claim-beside':
      'The body contains the claim "{claim}", which is sent beside it. → Remove it from the body.',
    'lifetime-too-long':
      'It is valid for {length}, and {scheme} allows {limit}. → Let it expire earlier.',
    'never-expires':
      'The claim "{claim}" is missing, so the link would never expire. The sample code of Harlyy leaves it out when it receives a number: its `expiresAt` must be a `Date`. → Add "{claim}"; in the sample, pass `new Date(…)`. Or set `nonceRetention` or a durable store on the guard.',
  },
  payload: {
    'line-breaks':
      'The credential contains line breaks, as MIME encoders write them. → Use the encoder that writes one line.',
    'payload-encoding':
      'The payload is {sent}, and {scheme} expects {wanted}. → Encode it as {wanted}.',
    'payload-encoded-twice': 'The payload is encoded twice. → Encode the JSON once, as {wanted}.',
    'payload-unreadable':
      'The payload is not {wanted}, or not all of it was sent. → Encode the JSON as {wanted}, and send all of it.',
    'payload-last-character':
      'The last character of the payload contains bits that encode nothing. → Send what the encoder wrote: a character was changed.',
  },
  'claims, json': {
    'json-number':
      'The JSON contains "{sent}", which is not a JSON number. → Leave the member out, or write a number.',
    'json-forbidden':
      'The JSON {sent}. → Sign the claims that {scheme} reads, each once, and nothing else.',
    'json-surrogate':
      'The JSON contains half of a surrogate pair: a character was cut in two. → Shorten texts by characters, not by UTF-16 code units.',
  },
  'json, payload': {
    'payload-empty':
      'The {sent} is empty. → Write the claims into it: the variable with them had no value.',
  },
  json: {
    'json-invalid':
      'What was signed is {sent}, and {scheme} expects one JSON object. → Sign one JSON object, as a JSON encoder writes it.',
    'json-encoding':
      'The JSON {sent}. → Convert the text to UTF-8 before you sign it, and write no byte order mark.',
    'replacement-character':
      'The body contains the replacement character U+FFFD: bytes that are not UTF-8 became text. → Convert the text to UTF-8 before you sign it.',
  },
  'time, claims': {
    'not-before-in-future':
      'It is not valid before {time}, which is {ahead} in the future. → Leave out "{claim}", or set it to the time of issue.',
    'used-before':
      'The credential was used before, and each is valid once. → Sign a new one for each use.',
    'time-value':
      'The claim {detail}: it is {sent}. → Write a value that {scheme} accepts; check the variable that it comes from.',
    'time-unit':
      'The time "{claim}" is in {sent}, and {scheme} expects {wanted}. → Write it in {wanted}.',
    'expires-before-issue': 'It expires {sent}. → Add the lifetime to the time of issue.',
  },
  time: {
    'time-format':
      'The time is sent as "{sent}", and {scheme} expects digits: milliseconds since 1970. → Write the digits and nothing else.',
    expired:
      'It expired {ago} ago, at {time}. → Sign when the user clicks, not when the page is rendered; check the clock of the machine that signs.',
    'issued-in-future':
      'The time of issue is {ahead} in the future{hint}. → Set the clock of the machine that signs, and read it in UTC.',
  },
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
