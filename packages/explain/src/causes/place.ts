/** Where the credential is on the request. */
export const placeRows = {
  missing: [
    'send',
    'The request contains no credential: {scheme} reads {place}.',
    'Send the credential in {place}.',
  ],
  'parameter-empty': [
    'send',
    'The parameter "{name}" is empty.',
    'Put the credential into it: check that the variable in the link has a value.',
  ],
  'parameter-name': [
    'send',
    'The parameter is called "{sent}", and {scheme} reads "{name}".',
    'Call the parameter "{name}", in exactly this spelling.',
  ],
  'parameter-repeated': [
    'send',
    'The parameter "{name}" is sent more than once.',
    'Send it once: replace the old value instead of appending another one.',
  ],
  'parameter-list': [
    'send',
    'The parameter is sent as a list or an object ("{sent}"), and {scheme} reads "{name}".',
    'Send one value, and no brackets in the name.',
  ],
  'in-several-places': [
    'send',
    'Credentials are sent in several places at once: {places}.',
    'Send the credential in one place only.',
  ],
  'in-authorization': [
    'send',
    'The credential is in the `Authorization` header, where this portal does not look.',
    'Send it in {place}, or set `bearer` on the guard.',
  ],
  'in-fragment': [
    'send',
    'The credential is behind the "#" of the URL, which browsers do not send to the server.',
    'Put it into the query, behind "?".',
  ],
  'in-body': [
    'send',
    'The credential is in the body of the request, and {scheme} reads {place}.',
    'Send it in {place}.',
  ],
  'bearer-malformed': [
    'send',
    'The `Authorization` header is not "Bearer" and one credential behind it.',
    'Send `Authorization: Bearer …` with the credential and nothing else.',
  ],
  'header-missing': [
    'send',
    'The header "{name}" is missing.',
    'Send it; check that no proxy or client library removes it.',
  ],
  'field-missing': [
    'send',
    'The field "{name}" of the form is missing.',
    'Send the whole reply of the sign endpoint.',
  ],
  'header-repeated': [
    'send',
    'The header "{name}" is sent more than once.',
    'Send it once: set the header instead of appending to it.',
  ],
  'too-long': [
    'send',
    'The credential has {length} characters, and at most {limit} are accepted.',
    'Sign less: leave out claims that {scheme} does not read.',
  ],
  'body-too-large': [
    'send',
    'The body has {length} bytes, and at most {limit} are accepted.',
    'Sign less: leave out everything that {scheme} does not read.',
  ],
  'body-compressed': [
    'send',
    'The body is sent with `Content-Encoding: {sent}`, and the signature covers the plain bytes.',
    'Send the body without compression.',
  ],
  'body-charset': [
    'send',
    'The body is declared as {sent}, and {scheme} reads UTF-8.',
    'Send the body as UTF-8, and declare it so.',
  ],
  'tenant-other': [
    'send',
    'The credential names "{sent}", and this portal is "{wanted}".',
    'Sign with the id and the secret of the same account.',
  ],
  'tenant-spelling': [
    'send',
    'The id in "{name}" is "{sent}": an id is 1 to 255 letters, digits, "_" and "-".',
    'Send the id exactly as {scheme} shows it.',
  ],
  'used-before': [
    'claims',
    'The credential was used before, and each is valid once.',
    'Sign a new one for each use, with a nonce of its own.',
  ],
  'reply-malformed': [
    'send',
    'The value of "{name}" is not the standard base64 of the whole reply of the sign endpoint.',
    'Encode the JSON of the reply as it came, with nothing added.',
  ],
} as const
