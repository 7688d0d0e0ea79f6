const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** The same base64 in the other of its two alphabets. */
export function otherAlphabet(text: string): string {
  const other: Readonly<Record<string, string>> = { '-': '+', _: '/', '+': '-', '/': '_' }
  return text.replaceAll(/[-_+/]/g, (character) => other[character] as string) // it has all four
}

/** Base64 with a bit set in the last character that no byte is made of. */
export function withSpareBit(text: string): string {
  const end = text.replace(/=+$/, '').length
  const last = ALPHABET.indexOf(text[end - 1] as string) // spare bits are zero, so it is no symbol
  return text.slice(0, end - 1) + ALPHABET[last + 1] + text.slice(end)
}

/** True where the last character of base64 has bits to spare. */
export function hasSpareBits(text: string): boolean {
  return text.replace(/=+$/, '').length % 4 > 1
}

/** Each character replaced by one that ends in the same byte. */
export function lookAlike(text: string): string {
  return text.replaceAll(/\w/g, (each) => String.fromCharCode(each.charCodeAt(0) + 0x100))
}
