/** How the signature was made: with which secret, over what, and how it is written. */
export const signatureRows = {
  'secret-white-space': [
    'secret',
    'It was signed with white space at the end or the beginning of the secret.',
    'Trim the secret: the file or the variable contains a line break.',
  ],
  'secret-quoted': [
    'secret',
    'It was signed with the quotes or brackets around the secret.',
    'Remove them: what reads your `.env` file keeps them as part of the value.',
  ],
  'secret-decoded': [
    'secret',
    'It was signed with the bytes that the secret decodes to as {sent}.',
    'Use the text of the secret as it is.',
  ],
  'secret-encoded': [
    'secret',
    'It was signed with the {sent} of the secret.',
    'Use the text of the secret as it is.',
  ],
  'secret-prefixed': [
    'secret',
    'It was signed with "{sent}" in front of the secret.',
    'Remove it: the secret is what follows.',
  ],
  'secret-cut': [
    'secret',
    'It was signed with a part of the secret: {sent}.',
    'Use the whole secret.',
  ],
  'secret-hashed': [
    'secret',
    'It was signed with the {sent} hash of the secret.',
    'Use the text of the secret as it is.',
  ],
  'secret-case': [
    'secret',
    'It was signed with the secret in {sent}.',
    'Use the secret as it is: case matters.',
  ],
  'secret-missing': [
    'secret',
    'It was signed with {sent} in the place of the secret.',
    'Set the environment variable where the program that signs runs.',
  ],
  'secret-placeholder': [
    'secret',
    'It was signed with the placeholder "{sent}" of a documentation page.',
    'Use the secret that the portal shows you.',
  ],
  'secret-is-id': [
    'secret',
    'It was signed with "{sent}", which is the {name} and not the secret.',
    'Use the secret: the {name} is public.',
  ],
  'secret-other': [
    'secret',
    'It was signed with another secret: {sent}.',
    'Use the secret of this portal and of this environment.',
  ],
  'mac-hash': [
    'signature',
    'It was signed with {sent}, and {scheme} expects HMAC-SHA256.',
    'Use HMAC-SHA256.',
  ],
  'mac-unkeyed': [
    'signature',
    'The signature is a plain {sent} hash, without the secret.',
    'Use HMAC-SHA256 with the secret as its key.',
  ],
  'mac-concatenated': [
    'signature',
    'The signature is a {sent} hash of the secret and the text joined together.',
    'Use HMAC-SHA256 with the secret as its key.',
  ],
  'mac-swapped': [
    'signature',
    'The secret and the text are swapped: the text was used as the key.',
    'Pass the secret as the key, and the text as the message.',
  ],
  'signed-json': ['input', 'The JSON was signed, and {scheme} signs {input}.', 'Sign {input}.'],
  'signed-text': [
    'input',
    'The encoded payload was signed, and {scheme} signs {input}.',
    'Sign {input}.',
  ],
  'signed-other-spelling': [
    'payload input',
    'The payload was signed in another spelling than it was sent: {sent}.',
    'Sign exactly the text that you send.',
  ],
  'signed-other-json': [
    'json input send',
    'Other JSON was signed than was sent: {sent}.',
    'Write the JSON once, and sign and send the same text.',
  ],
  'signed-line-break': [
    'input signature',
    'A line break was signed at the end of the text.',
    'Leave it out: use `printf %s` instead of `echo`.',
  ],
  'signed-quoted': [
    'input',
    'The text was put through a JSON encoder before it was signed.',
    'Sign the text itself.',
  ],
  'signed-identifier': [
    'input',
    'Only {sent} was signed, and {scheme} signs {input}.',
    'Sign {input}.',
  ],
  'signed-url': ['input', 'The URL was signed, and {scheme} signs {input}.', 'Sign {input}.'],
  'signed-part': ['input', 'Only {sent} was signed, and {scheme} signs {input}.', 'Sign {input}.'],
  'signed-too-much': [
    'input',
    'More than {input} was signed: {sent}.',
    'Sign {input}, and nothing else.',
  ],
  'signed-separator': [
    'input',
    'The parts were signed with {sent} between them, and {scheme} expects ".".',
    'Sign {input}.',
  ],
  'signed-order': ['input', 'The parts were signed in another order: {sent}.', 'Sign {input}.'],
  'signed-other-time': [
    'time input send',
    'The time was signed in {sent}, and sent in another unit.',
    'Read the clock once, and sign and send the same text.',
  ],
  'body-changed': [
    'send',
    'The body was changed after it was signed: {sent}.',
    'Send the text that was signed, byte for byte.',
  ],
  'replacement-character': [
    'json',
    'The body contains the replacement character U+FFFD: bytes that are not UTF-8 became text.',
    'Convert the text to UTF-8 before you sign it.',
  ],
  'boundary-moved': [
    'input',
    'A part of the body is in the header with the time.',
    'Send the digits of the time in the header, and all of the JSON in the body.',
  ],
  'signature-missing': ['credential', 'There is no signature.', 'Append a "." and the signature.'],
  'signature-encoding': [
    'signature',
    'The signature is {sent}, and {scheme} expects {wanted}.',
    'Write the signature as {wanted}.',
  ],
  'signature-upper-case': [
    'signature',
    'The hex digits of the signature are in upper case.',
    'Write them in lower case.',
  ],
  'signature-encoded-twice': [
    'signature',
    'The signature is encoded twice: the {sent} of a text that is already encoded.',
    'Encode the bytes of the MAC once, as {wanted}.',
  ],
  'signature-binary': [
    'signature',
    'The bytes of the signature were used as text.',
    'Encode them as {wanted}.',
  ],
  'signature-cut': [
    'send',
    'The end of the signature is missing.',
    'Send all of it: check the length of the column or the line that it went through.',
  ],
  'signature-extra': ['send', 'Something follows the signature.', 'Remove it.'],
  'signature-damaged': [
    'send',
    'The signature was changed after it was made: {sent}.',
    'Send what was signed; copy it instead of typing it.',
  ],
  'signature-last-character': [
    'signature',
    'The last character of the signature contains bits that encode nothing.',
    'Send what the encoder wrote: a character was changed.',
  ],
  'signature-placeholder': [
    'signature',
    'The signature is a placeholder: all of its bytes are the same.',
    'Compute it.',
  ],
  'signature-unmatched': [
    'signature',
    'No known secret makes this signature, in any way that was tried: another secret signed it, or what was signed was changed afterwards.',
    'Sign what you send, with the secret of this portal.',
  ],
} as const
