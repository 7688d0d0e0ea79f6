/** A part of a secret is found, too: any 23 of its bytes in a row contain a whole block. */
const BLOCK = 12

/** True for a text with a part of a secret in it, in any spelling that text and code have. */
export function leaks(text: string, secret: Uint8Array): boolean {
  if (secret.length < 8) return false // so few are in any text by chance
  const dense = text.replace(/\s+/g, '') // `util.inspect` breaks what it prints
  const blocks = Array.from(
    { length: Math.max(1, Math.floor(secret.length / BLOCK)) },
    (_, index) => Buffer.from(secret.subarray(index * BLOCK, (index + 1) * BLOCK)),
  )
  return blocks.some((block) =>
    spellingsOf(block).some((spelling) => text.includes(spelling) || dense.includes(spelling)),
  )
}

function spellingsOf(block: Buffer): readonly string[] {
  const hex = block.toString('hex')
  const percent = hex.replace(/../g, '%$&')
  const plain = block.toString('latin1')
  const offsets = [0, 1, 2].map((offset) => base64At(block, offset))
  return [
    ...[plain, JSON.stringify(plain).slice(1, -1), encodeURIComponent(plain), block.join(',')],
    ...[hex, hex.toUpperCase(), percent, percent.toUpperCase()],
    ...offsets.flatMap((text) => [text, text.replaceAll('+', '-').replaceAll('/', '_')]),
  ]
}

/** As the middle of longer base64, `offset` bytes after a multiple of three. */
function base64At(block: Buffer, offset: number): string {
  const before = Buffer.concat([Buffer.alloc(offset), block])
  const clean = before.subarray(0, before.length - (before.length % 3))
  return clean.toString('base64').slice(offset === 0 ? 0 : 4)
}
