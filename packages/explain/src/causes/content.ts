/** What was signed: the JSON, the claims in it, and their times. */
export const contentRows = {
  'json-invalid': ['json', 'What was signed is not JSON.', 'Sign one JSON object with the claims.'],
  'json-not-object': [
    'json',
    'What was signed is {sent}, and {scheme} expects a JSON object.',
    'Sign one JSON object with the claims.',
  ],
  'json-twice': [
    'json',
    'The JSON is a string that contains the JSON: it was encoded twice.',
    'Encode the object once.',
  ],
  'json-object-text': [
    'json',
    'The text "{sent}" was signed: an object was converted to text without a JSON encoder.',
    'Write the object as JSON.',
  ],
  'json-python': [
    'json',
    'This is the printed form of a Python dictionary, not JSON.',
    'Use `json.dumps`.',
  ],
  'json-ruby': ['json', 'This is the printed form of a Ruby hash, not JSON.', 'Use `to_json`.'],
  'json-form': ['json', 'This is a form (`a=1&b=2`), not JSON.', 'Write the claims as JSON.'],
  'json-single-quotes': [
    'json',
    'The strings of the JSON are in single quotes.',
    'Use a JSON encoder: strings are in double quotes.',
  ],
  'json-comma': ['json', 'A comma follows the last member of the JSON.', 'Use a JSON encoder.'],
  'json-comment': ['json', 'The JSON contains a comment.', 'Remove it.'],
  'json-number': [
    'json',
    'The JSON contains "{sent}", which is not a JSON number.',
    'Leave the member out, or write a number.',
  ],
  'json-trailing': ['json', 'Something follows the JSON object.', 'Sign the object alone.'],
  'json-repeated-member': [
    'json',
    'The JSON has the member "{sent}" more than once.',
    'Write each member once.',
  ],
  'json-prototype': ['json', 'The JSON has a member called "__proto__".', 'Remove it.'],
  'json-surrogate': [
    'json',
    'The JSON contains half of a surrogate pair: a character was cut in two.',
    'Shorten texts by characters, not by UTF-16 code units.',
  ],
  'json-byte-order-mark': [
    'json',
    'The JSON begins with a byte order mark.',
    'Write UTF-8 without it.',
  ],
  'json-not-utf8': [
    'json',
    'The JSON contains bytes that are not UTF-8.',
    'Convert the text to UTF-8 before you sign it.',
  ],
  'json-utf16': ['json', 'The JSON is UTF-16.', 'Encode it as UTF-8.'],
  'json-too-deep': [
    'json',
    'The JSON is nested deeper than {limit} levels.',
    'Sign the claims that {scheme} reads, and nothing else.',
  ],
  'json-too-many-members': [
    'json',
    'The JSON has more than {limit} members.',
    'Sign the claims that {scheme} reads, and nothing else.',
  ],
  'claim-missing': ['claims', 'The claim "{claim}" is missing.', 'Add "{claim}".'],
  'claim-name': [
    'claims',
    'The claim is called "{sent}", and {scheme} reads "{claim}".',
    'Call it "{claim}".',
  ],
  'claim-empty': [
    'claims',
    'The claim "{claim}" is {sent}.',
    'Give it a value; check that the variable is set.',
  ],
  'claim-type': [
    'claims',
    'The claim "{claim}" is {sent}, and {scheme} expects {wanted}.',
    'Write {wanted}.',
  ],
  'claim-placeholder': [
    'claims',
    'The claim "{claim}" is the text "{sent}": a missing value was converted to text.',
    'Give it a value; check that the variable is set.',
  ],
  'claim-white-space': [
    'claims',
    'The claim "{claim}" begins or ends with white space.',
    'Trim it.',
  ],
  'claim-control-character': [
    'claims',
    'The claim "{claim}" contains a control character, such as a line break or a tab.',
    'Remove it.',
  ],
  'claim-too-long': [
    'claims',
    'The claim "{claim}" is too long: it has {length} characters.',
    'Shorten it.',
  ],
  'claim-number-inexact': [
    'claims',
    'The claim "{claim}" is a number that is not a safe integer.',
    'Write it as text.',
  ],
  'claim-email': [
    'claims',
    'The claim "{claim}" is not one e-mail address.',
    'Write one address, such as "ada@example.com".',
  ],
  'claim-url': [
    'claims',
    'The claim "{claim}" is not an absolute http(s) URL.',
    'Write the whole URL.',
  ],
  'claim-unknown': [
    'claims',
    'Claims were signed that {scheme} does not accept: {names}.',
    'Remove them.',
  ],
  'claim-beside': [
    'claims',
    'The body contains the claim "{claim}", which is sent beside it.',
    'Remove it from the body.',
  ],
  'time-unit': [
    'time claims',
    'The time "{claim}" is in {sent}, and {scheme} expects {wanted}.',
    'Write it in {wanted}.',
  ],
  'time-type': [
    'time claims',
    'The time "{claim}" is {sent}, and {scheme} expects a number of {wanted}.',
    'Write the number.',
  ],
  'time-format': [
    'time',
    'The time is sent as "{sent}", and {scheme} expects digits: milliseconds since 1970.',
    'Write the digits and nothing else.',
  ],
  expired: [
    'time',
    'It expired {ago} ago, at {time}.',
    'Sign when the user clicks, not when the page is rendered; check the clock of the machine that signs.',
  ],
  'issued-in-future': [
    'time',
    'The time of issue is {ahead} in the future{hint}.',
    'Set the clock of the machine that signs, and read it in UTC.',
  ],
  'not-before-in-future': [
    'time',
    'It is not valid before {time}, which is {ahead} in the future.',
    'Leave out "{claim}", or set it to the time of issue.',
  ],
  'lifetime-too-long': [
    'claims',
    'It is valid for {length}, and {scheme} allows {limit}.',
    'Let it expire earlier.',
  ],
  'expires-before-issue': [
    'time claims',
    'It expires {sent}.',
    'Add the lifetime to the time of issue.',
  ],
  'never-expires': [
    'claims',
    'The claim "{claim}" is missing, so the link would never expire. The sample code of Harlyy leaves it out when it receives a number: its `expiresAt` must be a `Date`.',
    'Add "{claim}"; in the sample, pass `new Date(…)`. Or set `nonceRetention` or a durable store on the guard.',
  ],
  'audience-other': [
    'claims',
    'It is signed for "{sent}", and this portal is "{wanted}".',
    'Sign for the project whose page you open, with its secret.',
  ],
  'audience-spelling': [
    'claims',
    'It is signed for "{sent}", which is not exactly "{wanted}".',
    'Write the id exactly as {scheme} shows it.',
  ],
  'other-portal': [
    'secret',
    'This is a valid credential of {sent}, and it was sent to {scheme}.',
    'Open the page of {sent}, or sign for {scheme}.',
  ],
  unexplained: [
    'claims',
    'The credential is refused: {detail}.',
    'Compare the program that signs with the lines below.',
  ],
} as const
