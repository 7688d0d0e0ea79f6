/** What is said, how that is written, and how it is sent, by the steps that have to change. */
export const SENDING = {
  send: {
    'boundary-moved':
      'A part of the body is in the header with the time. → Send the digits of the time in the header, and all of the JSON in the body.',
    missing:
      'The request contains no credential: {scheme} reads {place}. → Send the credential in {place}.',
    'parameter-empty':
      'The parameter "{name}" is empty. → Put the credential into it: check that the variable in the link has a value.',
    'parameter-name':
      'The parameter is called "{sent}", and {scheme} reads "{name}". → Call the parameter "{name}", in exactly this spelling.',
    'parameter-repeated':
      'The parameter "{name}" is sent more than once. → Send it once: replace the old value instead of appending another one.',
    'parameter-list':
      'The parameter is sent as a list or an object ("{sent}"), and {scheme} reads "{name}". → Send one value, and no brackets in the name.',
    'in-several-places':
      'Credentials are sent in several places at once: {places}. → Send the credential in one place only.',
    'in-authorization':
      'The credential is in the `Authorization` header, where this portal does not look. → Send it in {place}, or set `bearer` on the guard.',
    'in-fragment':
      'The credential is behind the "#" of the URL, which browsers do not send to the server. → Put it into the query, behind "?".',
    'in-body':
      'The credential is in the body of the request, and {scheme} reads {place}. → Send it in {place}.',
    'bearer-malformed':
      'The `Authorization` header is not "Bearer" and one credential behind it. → Send `Authorization: Bearer …` with the credential and nothing else.',
    'header-missing':
      'The header "{name}" is missing. → Send it; check that no proxy or client library removes it.',
    'field-missing':
      'The field "{name}" of the form is missing. → Send the whole reply of the sign endpoint.',
    'header-repeated':
      'The header "{name}" is sent more than once. → Send it once: set the header instead of appending to it.',
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
    'signature-cut':
      'The end of the signature is missing. → Send all of it: check the length of the column or the line that it went through.',
    'signature-extra': 'Something follows the signature. → Remove it.',
    'signature-damaged':
      'The signature was changed after it was made: {sent}. → Send what was signed; copy it instead of typing it.',
  },
  tenant: {
    'tenant-other':
      'The credential names "{sent}", and this portal is "{wanted}". → Sign with the id and the secret of the same account.',
  },
  claims: {
    'body-too-large':
      'The body has {length} bytes, and at most {limit} are accepted. → Sign less: leave out everything that {scheme} does not read.',
    'too-long':
      'The credential has {length} characters, and at most {limit} are accepted. → Sign less: leave out claims that {scheme} does not read.',
    'claim-missing': 'The claim "{claim}" is missing. → Add "{claim}".',
    'claim-name':
      'The claim is called "{sent}", and {scheme} reads "{claim}". → Call it "{claim}".',
    'claim-empty':
      'The claim "{claim}" is {sent}. → Give it a value; check that the variable is set.',
    'claim-type': 'The claim "{claim}" is {sent}, and {scheme} expects {wanted}. → Write {wanted}.',
    'claim-placeholder':
      'The claim "{claim}" is the text "{sent}": a missing value was converted to text. → Give it a value; check that the variable is set.',
    'claim-white-space': 'The claim "{claim}" begins or ends with white space. → Trim it.',
    'claim-control-character':
      'The claim "{claim}" contains a control character, such as a line break or a tab. → Remove it.',
    'claim-too-long': 'The claim "{claim}" is too long: it has {length} characters. → Shorten it.',
    'claim-number-inexact':
      'The claim "{claim}" is a number that is not a safe integer. → Write it as text.',
    'claim-email':
      'The claim "{claim}" is not one e-mail address. → Write one address, such as "ada@example.com".',
    'claim-url': 'The claim "{claim}" is not an absolute http(s) URL. → Write the whole URL.',
    'claim-unknown': 'Claims were signed that {scheme} does not accept: {names}. → Remove them.',
    'claim-beside':
      'The body contains the claim "{claim}", which is sent beside it. → Remove it from the body.',
    'lifetime-too-long':
      'It is valid for {length}, and {scheme} allows {limit}. → Let it expire earlier.',
    'never-expires':
      'The claim "{claim}" is missing, so the link would never expire. The sample code of Harlyy leaves it out when it receives a number: its `expiresAt` must be a `Date`. → Add "{claim}"; in the sample, pass `new Date(…)`. Or set `nonceRetention` or a durable store on the guard.',
    'audience-other':
      'It is signed for "{sent}", and this portal is "{wanted}". → Sign for the project whose page you open, with its secret.',
    'audience-spelling':
      'It is signed for "{sent}", which is not exactly "{wanted}". → Write the id exactly as {scheme} shows it.',
    'claim-fixed':
      'The claim "{claim}" is "{sent}", and {scheme} expects "{wanted}". → Set it to "{wanted}".',
  },
  payload: {
    'line-breaks':
      'The credential contains line breaks, as MIME encoders write them. → Use the encoder that writes one line.',
    'payload-empty':
      'The payload is empty. → Encode the claims: the variable with the payload was empty.',
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
    'json-repeated-member':
      'The JSON has the member "{sent}" more than once. → Write each member once.',
    'json-prototype': 'The JSON has a member called "__proto__". → Remove it.',
    'json-surrogate':
      'The JSON contains half of a surrogate pair: a character was cut in two. → Shorten texts by characters, not by UTF-16 code units.',
    'json-too-deep':
      'The JSON is nested deeper than {limit} levels. → Sign the claims that {scheme} reads, and nothing else.',
    'json-too-many-members':
      'The JSON has more than {limit} members. → Sign the claims that {scheme} reads, and nothing else.',
  },
  json: {
    'body-empty':
      'The body is empty. → Send the JSON that was signed; check that the variable with it has a value.',
    'replacement-character':
      'The body contains the replacement character U+FFFD: bytes that are not UTF-8 became text. → Convert the text to UTF-8 before you sign it.',
    'json-invalid': 'What was signed is not JSON. → Sign one JSON object with the claims.',
    'json-not-object':
      'What was signed is {sent}, and {scheme} expects a JSON object. → Sign one JSON object with the claims.',
    'json-twice':
      'The JSON is a string that contains the JSON: it was encoded twice. → Encode the object once.',
    'json-object-text':
      'The text "{sent}" was signed: an object was converted to text without a JSON encoder. → Write the object as JSON.',
    'json-python': 'This is the printed form of a Python dictionary, not JSON. → Use `json.dumps`.',
    'json-ruby': 'This is the printed form of a Ruby hash, not JSON. → Use `to_json`.',
    'json-form': 'This is a form (`a=1&b=2`), not JSON. → Write the claims as JSON.',
    'json-single-quotes':
      'The strings of the JSON are in single quotes. → Use a JSON encoder: strings are in double quotes.',
    'json-comma': 'A comma follows the last member of the JSON. → Use a JSON encoder.',
    'json-comment': 'The JSON contains a comment. → Remove it.',
    'json-trailing': 'Something follows the JSON object. → Sign the object alone.',
    'json-byte-order-mark': 'The JSON begins with a byte order mark. → Write UTF-8 without it.',
    'json-not-utf8':
      'The JSON contains bytes that are not UTF-8. → Convert the text to UTF-8 before you sign it.',
    'json-utf16': 'The JSON is UTF-16. → Encode it as UTF-8.',
  },
  'time, claims': {
    'not-before-in-future':
      'It is not valid before {time}, which is {ahead} in the future. → Leave out "{claim}", or set it to the time of issue.',
    'used-before':
      'The credential was used before, and each is valid once. → Sign a new one for each use.',
    'time-unit':
      'The time "{claim}" is in {sent}, and {scheme} expects {wanted}. → Write it in {wanted}.',
    'time-type':
      'The time "{claim}" is {sent}, and {scheme} expects a number of {wanted}. → Write the number.',
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
