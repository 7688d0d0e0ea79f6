/** What is said, how that is written, and how it is sent, by the steps that have to change. */
export const SENDING = {
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
      'The signature was changed after it was made: {sent}. → Send all of what was signed, and nothing else: check what it went through, such as a column of limited length.',
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
} as const
