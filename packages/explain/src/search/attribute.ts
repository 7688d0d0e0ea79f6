import type { Apart } from '../apart/apart'
import { found, type Found } from '../causes'
import type { Context } from '../context'
import { inputName, inputsOf, type Input } from './inputs'
import { MAC_WAYS, type MacWay } from './macs'
import { candidates, type Candidate } from './secrets'
import { damage, signatureReadings, type SignatureReading } from './signatures'

/** Of the secret, of what was signed and of how: more mistakes at once are not searched for. */
const MOST_MISTAKES = 2

/**
 * Finds the fewest mistakes that explain a signature: in the secret, in what was signed, in how it
 * was signed, and in how the signature is written.
 * @returns all of them; none where the signature is right
 */
export function attribute(apart: Apart, context: Context): readonly Found[] {
  const { signature } = apart
  if (!apart.isComplete || signature.length === 0) return []
  const readings = signatureReadings(signature, context.portal.scheme.codec.signature)
  if (readings.some(({ bytes }) => new Set(bytes).size === 1)) {
    return [found('signature-placeholder', signature.range)]
  }
  const space: Space = {
    inputs: inputsOf(apart, context),
    secrets: candidates(context),
    right: byMac(readings.filter((each) => each.found.length === 0)),
    wrong: byMac(readings.filter((each) => each.found.length > 0)),
    apart,
    context,
  }
  for (let mistakes = 0; mistakes <= MOST_MISTAKES; mistakes++) {
    const result = search(space, mistakes) ?? (mistakes === 0 ? searchDamaged(space) : undefined)
    if (result) return result
  }
  return [found('signature-unmatched', signature.range)]
}

/** Readings of a signature by the MAC that they are, in hex. */
type Readings = ReadonlyMap<string, SignatureReading>

function byMac(readings: readonly SignatureReading[]): Readings {
  return new Map(readings.map((each) => [each.bytes.toString('hex'), each]))
}

interface Space {
  readonly inputs: readonly Input[]
  readonly secrets: readonly Candidate[]
  readonly right: Readings
  readonly wrong: Readings
  readonly apart: Apart
  readonly context: Context
}

/** Tries every way with exactly so many mistakes; what is written right is preferred. */
function search(space: Space, mistakes: number): readonly Found[] | undefined {
  let second: readonly Found[] | undefined
  for (const secret of space.secrets) {
    for (const way of MAC_WAYS) {
      const rest = mistakes - cost(secret) - cost(way)
      if (rest < 0 || rest > 1) continue
      for (const input of space.inputs) {
        if (input.found.length !== rest) continue
        const mac = way.mac(secret, input.bytes)
        if (mac === undefined) continue
        if (readingOf(space.right, mac)) return mistakesOf(space, secret, way, input.found)
        const reading = second ? undefined : readingOf(space.wrong, mac)
        if (reading) second = mistakesOf(space, secret, way, [...input.found, ...reading.found])
      }
    }
  }
  return second
}

function cost({ mistake }: Candidate | MacWay): number {
  return mistake ? 1 : 0
}

/** A MAC of another hash may have been cut to the length of ours. */
function readingOf(readings: Readings, mac: string): SignatureReading | undefined {
  return readings.get(mac) ?? (mac.length > 64 ? readings.get(mac.slice(0, 64)) : undefined)
}

function mistakesOf(
  { apart, context }: Space,
  { mistake: secret }: Candidate,
  { mistake: way }: MacWay,
  others: readonly Found[],
): readonly Found[] {
  const { range } = apart.signature
  const facts = { input: inputName(context) }
  return [
    ...(secret ? [found(secret[0], range, { ...facts, ...secret[1] })] : []),
    ...(way ? [found(way[0], range, { ...facts, ...way[1] })] : []),
    ...others,
  ]
}

/** A right signature that was changed after it was made. */
function searchDamaged({ secrets, inputs, apart, context }: Space): readonly Found[] | undefined {
  const wanted = context.portal.scheme.codec.signature
  for (const { key } of secrets.filter(({ mistake }) => !mistake)) {
    for (const { bytes } of inputs.filter((each) => each.found.length === 0)) {
      const problem = damage(apart.signature, key.hmac('sha256', [bytes]), wanted)
      if (problem) return [problem]
    }
  }
  return undefined
}
